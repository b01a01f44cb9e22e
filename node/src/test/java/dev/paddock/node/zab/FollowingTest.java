package dev.paddock.node.zab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.members.Members;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.LeaderInfo;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Zxid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The order in which a follower asks its disk and answers its leader: transactions, then the epoch, then the ack. */
class FollowingTest {
    private static final long LEADER = 3; // sid
    private static final long LINK = 7;
    private static final long EPOCH = 2; // of the leader; all history is of the one before
    private static final Members MEMBERS = Members.parse("""
            server.1=host1:2888:3888:participant;2181
            server.2=host2:2888:3888:participant;2181
            server.3=host3:2888:3888:participant;2181
            """);

    private final Peer peer = new Peer(
            Ensemble.fixed(1, MEMBERS),
            new Timing(500_000_000L, 10, 5, 1_000_000_000L),
            Observing.DIRECTLY,
            new Durable(1, 1, Zxid.of(1, 2), true, List.of(proposal(1), proposal(2))),
            0xffff_ffffL,
            500,
            1 << 20);
    private final List<Effect> effects = new ArrayList<>();

    @BeforeEach
    void promise() {
        peer.start(0, effects::add);
        step(new Input.Heard(2, settled(Notification.FOLLOWING)));
        step(new Input.Heard(LEADER, settled(Notification.LEADING)));
        step(new Input.LeaderLinked(LEADER, LINK));
        hear(QuorumPacket.LEADERINFO, Zxid.of(EPOCH, 0), new LeaderInfo(Leading.PROTOCOL_VERSION).toBytes());
        step(new Input.AcceptedEpochSaved(EPOCH));
        assertThat(sent()).containsExactly(QuorumPacket.FOLLOWERINFO, QuorumPacket.ACKEPOCH);
    }

    @Test
    void theEpochIsSavedWhenAllProposalsAreForced() {
        hear(QuorumPacket.DIFF, Zxid.of(1, 5));
        for (long counter = 3; counter <= 5; counter++) {
            hear(QuorumPacket.PROPOSAL, Zxid.of(1, counter), proposal(counter).payload());
            hear(QuorumPacket.COMMIT, Zxid.of(1, counter));
        }
        hear(QuorumPacket.NEWLEADER, Zxid.of(EPOCH, 0));
        isNotSaved("nothing is forced");
        step(new Input.Forced(Zxid.of(1, 4)));
        isNotSaved("the last of it is not forced");
        step(new Input.Forced(Zxid.of(1, 5)));
        isSavedAndThenAcknowledged();
    }

    @Test
    void theEpochIsSavedWhenTheSnapshotIsInstalledAndWhatFollowsItForced() {
        hear(QuorumPacket.SNAP, Zxid.of(1, 4));
        step(new Input.ReceivedSnapshot(LINK, upTo(4)));
        hear(QuorumPacket.PROPOSAL, Zxid.of(1, 5), proposal(5).payload());
        hear(QuorumPacket.NEWLEADER, Zxid.of(EPOCH, 0));
        step(new Input.Forced(Zxid.of(1, 9)));
        isNotSaved("what was forced before says nothing");
        step(new Input.SnapshotInstalled(Zxid.of(1, 4)));
        isNotSaved("what follows the snapshot is not forced");
        step(new Input.Forced(Zxid.of(1, 5)));
        isSavedAndThenAcknowledged();
    }

    @Test
    void theEpochIsSavedWhenTheLogIsCutAndWhatFollowsForced() {
        hear(QuorumPacket.TRUNC, Zxid.of(1, 1));
        hear(QuorumPacket.PROPOSAL, Zxid.of(1, 2), proposal(2).payload());
        hear(QuorumPacket.NEWLEADER, Zxid.of(EPOCH, 0));
        isNotSaved("nothing is cut");
        step(new Input.Truncated(upTo(1), List.of(proposal(1))));
        isNotSaved("what follows the cut is not forced");
        step(new Input.Forced(Zxid.of(1, 2)));
        isSavedAndThenAcknowledged();
    }

    @Test
    void aProposalIsAcknowledgedWhenItIsForced() {
        hear(QuorumPacket.DIFF, Zxid.of(1, 2));
        hear(QuorumPacket.NEWLEADER, Zxid.of(EPOCH, 0));
        step(new Input.CurrentEpochSaved(EPOCH));
        hear(QuorumPacket.UPTODATE, -1);
        effects.clear();
        for (long zxid = Zxid.of(EPOCH, 1); zxid <= Zxid.of(EPOCH, 3); zxid++)
            hear(QuorumPacket.PROPOSAL, zxid, nothing(zxid).toBytes());
        assertThat(sent()).as("no ack before the force").isEmpty();
        step(new Input.Forced(Zxid.of(EPOCH, 2)));
        assertThat(sent()).as("acks of those forced").containsExactly(QuorumPacket.ACK, QuorumPacket.ACK);
        step(new Input.Forced(Zxid.of(EPOCH, 3)));
        assertThat(sent()).hasSize(3);
    }

    private void isNotSaved(String why) {
        assertThat(effects)
                .as("no epoch before its history: %s", why)
                .doesNotContain(new Effect.SaveCurrentEpoch(EPOCH));
        assertThat(sent()).as("acks").doesNotContain(QuorumPacket.ACK);
    }

    private void isSavedAndThenAcknowledged() {
        assertThat(effects).containsOnlyOnce(new Effect.SaveCurrentEpoch(EPOCH));
        assertThat(sent()).as("no ack before the epoch").doesNotContain(QuorumPacket.ACK);
        step(new Input.CurrentEpochSaved(EPOCH));
        assertThat(sent()).contains(QuorumPacket.ACK);
    }

    private void step(Input input) {
        peer.step(0, input, effects::add);
    }

    private void hear(int type, long zxid, byte... data) {
        step(new Input.Received(LINK, new QuorumPacket(type, zxid, data, null)));
    }

    /** The types of the packets that went to the leader. */
    private List<Integer> sent() {
        List<Integer> types = new ArrayList<>();
        for (Effect effect : effects)
            if (effect instanceof Effect.Send(long link, QuorumPacket p) && link == LINK) types.add(p.type());
        return types;
    }

    private static Notification settled(int state) {
        return new Notification(state, LEADER, Zxid.of(1, 5), 1, 1, Notification.VERSION, "");
    }

    private static Proposal proposal(long counter) {
        return new Proposal(Zxid.of(1, counter), nothing(Zxid.of(1, counter)).toBytes());
    }

    private static TxnRecord nothing(long zxid) {
        Txn.Error nothing = new Txn.Error(0);
        return new TxnRecord(new TxnHeader(0, 0, zxid, 0, nothing.type()), nothing);
    }

    private static Database upTo(long counter) {
        Database database = Database.empty();
        for (long each = 1; each <= counter; each++)
            database = database.apply(nothing(Zxid.of(1, each))).after();
        return database;
    }
}
