package dev.paddock.node.sim;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.members.Members;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Peer;
import dev.paddock.wire.AckEpoch;
import dev.paddock.wire.LearnerInfo;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Request;
import dev.paddock.wire.Revalidated;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Zxid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member says that is broken or lies. Its link ends at most; nobody's state changes, and the others go on. */
class HostilePeersTest {
    private static final long LEADER = 3;
    private static final long OBSERVER = 4;
    private static final long[] EXTREMES = {Long.MIN_VALUE, -1, 0, 0x7fff_ffff_ffff_0000L, Long.MAX_VALUE};

    private final Script story = new Script(4);

    HostilePeersTest() {
        story.sim.observed(3);
    }

    private void start() {
        story.boot(1, 2, LEADER, OBSERVER);
        story.awaitLeader(LEADER);
        story.awaitServing(1, 2, LEADER, OBSERVER);
        story.write(LEADER, "a", 3);
    }

    private static QuorumPacket packet(int type, long zxid, byte... data) {
        return new QuorumPacket(type, zxid, data, null);
    }

    /** A transaction. */
    private static byte[] nothing(long zxid) {
        Txn.Error nothing = new Txn.Error(0);
        return new TxnRecord(new TxnHeader(0, 0, zxid, 0, nothing.type()), nothing).toBytes();
    }

    private static QuorumPacket bare(int type, long zxid) {
        return new QuorumPacket(type, zxid, null, null);
    }

    /** Nothing of this is what an established leader says; for what it may say see {@link #whatNobodyAskedForChangesNothing}. */
    private List<QuorumPacket> ofALeader() {
        long last = story.server(LEADER).replica().peer().lastCommitted();
        byte[] stranger = ByteBuffer.allocate(Long.BYTES).putLong(77).array();
        List<QuorumPacket> all = new ArrayList<>();
        for (int type : new int[] {
            QuorumPacket.LEADERINFO,
            QuorumPacket.NEWLEADER,
            QuorumPacket.UPTODATE,
            QuorumPacket.DIFF,
            QuorumPacket.TRUNC,
            QuorumPacket.SNAP,
            QuorumPacket.ACK,
            QuorumPacket.FOLLOWERINFO,
            QuorumPacket.COMMIT,
            QuorumPacket.PROPOSAL,
            QuorumPacket.COMMITANDACTIVATE,
            QuorumPacket.INFORM,
            QuorumPacket.INFORMANDACTIVATE,
            99,
            -1
        }) {
            all.add(bare(type, last + 1));
        }
        for (long zxid : new long[] {-1, Long.MAX_VALUE, last + 5, last + (1L << 32)}) {
            all.add(packet(QuorumPacket.PROPOSAL, zxid, (byte) 1));
            all.add(bare(QuorumPacket.TRUNC, zxid));
        }
        for (long zxid : new long[] {last + 1, last + 5, last + (1L << 32), Long.MAX_VALUE}) {
            all.add(packet(QuorumPacket.INFORM, zxid, (byte) 1));
            all.add(packet(QuorumPacket.INFORMANDACTIVATE, zxid, (byte) 1));
            all.add(packet(QuorumPacket.INFORMANDACTIVATE, zxid, stranger));
        }
        for (int type : new int[] {QuorumPacket.PROPOSAL, QuorumPacket.INFORM}) {
            all.add(packet(type, last + 1, nothing(last + 2)));
            all.add(packet(type, last + 2, nothing(last + 2)));
        }
        all.add(packet(QuorumPacket.PROPOSAL, last + 1, (byte) 1));
        all.add(packet(QuorumPacket.REVALIDATE, -1, (byte) 1));
        all.add(bare(QuorumPacket.COMMIT, Long.MAX_VALUE));
        all.add(packet(QuorumPacket.COMMITANDACTIVATE, last + 1, (byte) 1));
        all.add(packet(QuorumPacket.PING, 1, stranger));
        all.add(packet(QuorumPacket.PING, 1, (byte) 1));
        return all;
    }

    @ParameterizedTest(name = "server {0}")
    @ValueSource(longs = {1, OBSERVER})
    void aLearnerLeavesALeaderThatBreaksTheProtocolAndKeepsWhatItHas(long victim) {
        start();
        long epoch = story.sim.leader().replica().peer().epoch();
        for (QuorumPacket p : ofALeader()) {
            hears(victim, p);
            assertThat(story.server(victim).isServing()).as(p.toString()).isFalse();
            assertThat(story.has(victim, "/a2")).as(p.toString()).isTrue();
            story.awaitServing(victim);
            assertThat(story.server(LEADER).isLeading()).as(p.toString()).isTrue();
        }
        assertThat(story.sim.leader().replica().peer().epoch()).isEqualTo(epoch);
        story.calm();
    }

    /** From its leader. */
    private void hears(long victim, QuorumPacket p) {
        SimServer learner = story.server(victim);
        learner.input(new Input.Received(learner.replica().peer().leaderLink(), p));
    }

    /** What is said again, answers that nobody waits for any more, and a ping too many: an honest leader may say that too. */
    @ParameterizedTest(name = "server {0}")
    @ValueSource(longs = {1, OBSERVER})
    void whatNobodyAskedForChangesNothing(long victim) {
        start();
        long last = story.server(victim).replica().peer().lastCommitted();
        long link = story.server(victim).replica().peer().leaderLink();
        for (QuorumPacket p : List.of(
                bare(QuorumPacket.PING, -1),
                bare(QuorumPacket.COMMIT, last),
                packet(QuorumPacket.INFORM, last, (byte) 1),
                packet(QuorumPacket.INFORMANDACTIVATE, last, new byte[Long.BYTES]),
                bare(QuorumPacket.SYNC, 0),
                bare(QuorumPacket.REVALIDATE, -1),
                packet(QuorumPacket.REVALIDATE, -1, new Revalidated(77, true).toBytes()),
                packet(QuorumPacket.REVALIDATE, -1, new Revalidated(77, false).toBytes()))) {
            hears(victim, p);
            assertThat(story.server(victim).isServing()).as(p.toString()).isTrue();
            assertThat(story.server(victim).replica().peer().lastCommitted()).isEqualTo(last);
        }
        story.write(victim, "b", 1);
        assertThat(story.server(victim).replica().peer().leaderLink()).isEqualTo(link);
        story.calm();
    }

    /** The one before is proposed, and it is not said that a quorum holds it. */
    @ParameterizedTest(name = "server {0}")
    @ValueSource(longs = {1, OBSERVER})
    void nothingIsCommittedAheadOfWhatIsProposed(long victim) {
        start();
        int[] told = {0};
        story.sim.network.tap = (from, to, p, arrival) -> {
            boolean isTxn = p.type() == QuorumPacket.PROPOSAL || p.type() == QuorumPacket.INFORM;
            if (to != victim || !isTxn || told[0]++ > 0) return false;
            long last = story.server(victim).replica().peer().lastCommitted();
            hears(victim, new QuorumPacket(QuorumPacket.PROPOSAL, p.zxid(), p.data(), null));
            assertThat(story.server(victim).isServing()).isTrue();
            assertThat(story.server(victim).replica().peer().lastCommitted()).isEqualTo(last);
            hears(victim, packet(QuorumPacket.INFORM, p.zxid() + 1, nothing(p.zxid() + 1)));
            assertThat(story.server(victim).isServing()).isFalse();
            return true;
        };
        story.write(LEADER, "b", 1);
        story.sim.runUntil(s -> told[0] > 0, Script.LIMIT);
        story.awaitServing(victim);
        story.calm();
    }

    /** Before each packet by which it is brought up to date. */
    @ParameterizedTest(name = "server {0}")
    @ValueSource(longs = {1, OBSERVER})
    void aLearnerLeavesALeaderThatSpeaksOutOfTurnAndKeepsWhatItHas(long victim) {
        start();
        long epoch = story.sim.leader().replica().peer().epoch();
        boolean isBefore = true;
        int told = 1;
        for (; isBefore; told++) {
            for (QuorumPacket p : outOfTurn()) {
                isBefore = hearsBefore(victim, told, p);
                assertThat(story.has(victim, "/a2"))
                        .as("%s before packet %d", p, told)
                        .isTrue();
                assertThat(story.server(LEADER).isLeading()).isTrue();
            }
        }
        assertThat(told).as("packets until it serves").isGreaterThan(5);
        assertThat(story.sim.leader().replica().peer().epoch()).isEqualTo(epoch);
        story.write(LEADER, "b", 1);
        story.calm();
    }

    /** Nothing of this is what any phase waits for, or what the leader goes on with then is not. */
    private List<QuorumPacket> outOfTurn() {
        long last = story.server(LEADER).replica().peer().lastCommitted();
        List<QuorumPacket> all = new ArrayList<>();
        for (int type : new int[] {QuorumPacket.LEADERINFO, QuorumPacket.UPTODATE}) {
            for (long zxid : new long[] {0, last + 1, -1, Long.MAX_VALUE}) all.add(bare(type, zxid));
        }
        for (int type : new int[] {QuorumPacket.NEWLEADER, QuorumPacket.DIFF, QuorumPacket.SNAP}) {
            for (long zxid : new long[] {Zxid.of(Zxid.epoch(last), 0), last, last + 1, -1}) all.add(bare(type, zxid));
        }
        long never = last + 10_000; // for all that is written until these are said
        for (long zxid : new long[] {never, Long.MAX_VALUE}) all.add(bare(QuorumPacket.TRUNC, zxid));
        for (int type : new int[] {QuorumPacket.ACK, QuorumPacket.FOLLOWERINFO, QuorumPacket.ACKEPOCH, 99, -1}) {
            all.add(bare(type, last));
        }
        all.add(bare(QuorumPacket.COMMIT, never));
        all.add(packet(QuorumPacket.PROPOSAL, never, nothing(never)));
        return all;
    }

    /** Returns whether it did not serve yet then. */
    private boolean hearsBefore(long victim, int nth, QuorumPacket p) {
        story.crash(victim);
        story.write(LEADER, "c" + nth + "-" + story.sim.nowNanos, 1);
        int[] arrived = {0};
        long[] link = {-1};
        story.sim.network.tap = (from, to, packet, arrival) -> {
            if (to == victim && story.server(victim).isUp() && ++arrived[0] == nth) {
                link[0] = story.server(victim).replica().peer().leaderLink();
                hears(victim, p);
            }
            return false;
        };
        story.boot(victim);
        story.sim.runUntil(s -> s.server(victim).isServing() || arrived[0] >= nth, Script.LIMIT);
        boolean isBefore = arrived[0] >= nth;
        story.awaitServing(victim);
        assertThat(story.server(victim).replica().peer().leaderLink())
                .as("%s before packet %d", p, nth)
                .isNotEqualTo(link[0]);
        story.sim.network.tap = (from, to, packet, arrival) -> false;
        return isBefore;
    }

    @ParameterizedTest(name = "server {0}")
    @ValueSource(longs = {1, OBSERVER})
    void whatIsCommittedIsNotCutByTheWordOfALeader(long victim) {
        start();
        startAgain(victim);
        long last = story.server(victim).replica().peer().lastCommitted();
        for (long zxid : new long[] {last - 1, Zxid.of(Zxid.epoch(last), 0), 0, -1}) {
            isNotTakenBack(victim, "TRUNC to " + zxid, link -> new Effect.Send(link, bare(QuorumPacket.TRUNC, zxid)));
        }
        story.calm();
    }

    @ParameterizedTest(name = "server {0}")
    @ValueSource(longs = {1, OBSERVER})
    void whatIsCommittedIsNotReplacedByAnOlderSnapshot(long victim) {
        start();
        List<Database> older = new ArrayList<>(List.of(Database.empty()));
        for (int i = 0; i < 3; i++) {
            older.add(story.server(LEADER).replica().committed());
            story.write(LEADER, "b" + i, 1);
        }
        startAgain(victim);
        long last = story.server(victim).replica().peer().lastCommitted();
        assertThat(older.getLast().lastZxid()).isEqualTo(last - 1);
        for (Database database : older) {
            isNotTakenBack(victim, "SNAP of " + database.lastZxid(), link -> new Effect.SendSnapshot(link, database));
        }
        story.calm();
    }

    private void startAgain(long sid) {
        story.crash(sid);
        story.boot(sid);
        story.awaitServing(sid);
    }

    /** The leader says this in place of each DIFF. */
    private void isNotTakenBack(long victim, String lie, LongFunction<Effect.ToPeers> said) {
        Peer peer = story.server(victim).replica().peer();
        long last = peer.lastCommitted();
        int[] lies = {0};
        story.sim.network.tamper = (from, effect) -> {
            if (!(effect instanceof Effect.Send(long link, QuorumPacket p)) || p.type() != QuorumPacket.DIFF) {
                return effect;
            }
            lies[0]++;
            return said.apply(link);
        };
        story.server(victim).input(new Input.Unlinked(peer.leaderLink()));
        story.sim.runUntil(s -> lies[0] > 2, Script.LIMIT);
        assertThat(story.server(victim).isServing()).as("after %s", lie).isFalse();
        assertThat(peer.lastCommitted()).as("after %s", lie).isEqualTo(last);
        story.sim.network.tamper = (from, effect) -> effect;
        story.awaitServing(victim);
        assertThat(story.has(victim, "/a2")).isTrue();
    }

    private List<QuorumPacket> ofALearner() {
        long last = story.server(LEADER).replica().peer().lastCommitted();
        List<QuorumPacket> all = new ArrayList<>();
        byte[] info = new LearnerInfo(2, LearnerInfo.PROTOCOL_VERSION, 0).toBytes();
        all.add(packet(QuorumPacket.FOLLOWERINFO, 0, info));
        all.add(packet(QuorumPacket.OBSERVERINFO, 0, info));
        all.add(packet(QuorumPacket.ACKEPOCH, last, new AckEpoch(1).toBytes()));
        for (long zxid : new long[] {last + 1, Long.MAX_VALUE, Zxid.of(Zxid.epoch(last) + 1, 0)}) {
            all.add(bare(QuorumPacket.ACK, zxid));
        }
        for (int type : new int[] {
            QuorumPacket.PROPOSAL,
            QuorumPacket.COMMIT,
            QuorumPacket.UPTODATE,
            QuorumPacket.NEWLEADER,
            QuorumPacket.TRUNC,
            QuorumPacket.SNAP,
            99,
            -1
        }) {
            all.add(packet(type, last, (byte) 1));
        }
        for (int type : new int[] {QuorumPacket.REQUEST, QuorumPacket.REVALIDATE, QuorumPacket.PING}) {
            all.add(packet(type, 0, (byte) 1, (byte) 2, (byte) 3));
        }
        return all;
    }

    @Test
    void aLeaderLetsGoOfALearnerThatBreaksTheProtocolAndLeadsOn() {
        start();
        long epoch = story.sim.leader().replica().peer().epoch();
        for (QuorumPacket p : ofALearner()) {
            long link = story.server(1).replica().peer().leaderLink();
            story.server(LEADER).input(new Input.Received(link, p));
            story.sim.runUntil(s -> !s.server(1).isServing(), Simulation.SECOND);
            story.awaitServing(1);
            assertThat(story.server(LEADER).isLeading()).as(p.toString()).isTrue();
        }
        assertThat(story.sim.leader().replica().peer().epoch()).isEqualTo(epoch);
        story.write(LEADER, "b", 1);
        story.calm();
    }

    private static List<Notification> votes() {
        List<Notification> all = new ArrayList<>();
        for (int state :
                new int[] {Notification.LOOKING, Notification.FOLLOWING, Notification.LEADING, Notification.OBSERVING
                }) {
            for (long leader : new long[] {1, 2, 3, 77, Long.MIN_VALUE, Long.MAX_VALUE}) {
                for (long extreme : EXTREMES) {
                    all.add(new Notification(state, leader, extreme, 1, 1, Notification.VERSION, ""));
                    all.add(new Notification(state, leader, 1, extreme, 1, Notification.VERSION, ""));
                    all.add(new Notification(state, leader, 1, 1, extreme, Notification.VERSION, "server.66=evil:1:2"));
                    all.add(new Notification(state, leader, extreme, extreme, extreme, 99, "version=ffffffffffff"));
                }
            }
        }
        return all;
    }

    /** To servers that lead and follow, which have nothing to ask. */
    @Test
    void votesDoNotDisturbWhoHasALeader() {
        start();
        long epoch = story.sim.leader().replica().peer().epoch();
        for (long to = 1; to <= 3; to++) {
            for (Notification vote : votes()) story.server(to).input(new Input.Heard(to == 1 ? 2 : 1, vote));
        }
        story.run(3_000);
        assertThat(story.server(LEADER).isLeading()).isTrue();
        assertThat(story.sim.leader().replica().peer().epoch()).isEqualTo(epoch);
        story.calm();
    }

    /** A list that reads well, and newer than any: where files say who the members are, and from whoever is none. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aForeignListOfMembersIsNotBelieved(boolean changeable) {
        if (changeable) story.sim.changeable(3);
        start();
        String before = story.server(1).replica().peer().members().text();
        String foreign = foreign(0x7fff_ffff_0000_0000L, 1, 66);
        story.crash(1);
        story.boot(1); // it looks for a leader
        for (int state : new int[] {Notification.LOOKING, Notification.FOLLOWING, Notification.LEADING}) {
            for (long from : changeable ? new long[] {66} : new long[] {2, 66}) {
                var vote = new Notification(state, 66, 0, 1, 0, Notification.VERSION, foreign);
                story.server(1).input(new Input.Heard(from, vote));
                assertThat(story.server(1).replica().peer().members().text()).isEqualTo(before);
            }
        }
        story.calm();
    }

    private static String foreign(long version, long... voters) {
        String servers = LongStream.of(voters)
                .mapToObj(sid -> Simulation.line(sid, "participant"))
                .collect(joining("\n"));
        String text = servers + "\nversion=" + Long.toHexString(version);
        assertThat(Members.parse(text).version()).isEqualTo(version);
        return text;
    }

    private Members members(long sid) {
        return story.server(sid).replica().peer().members();
    }

    /** Server 1 was away for some writes, comes back, and hears as if it were of server 2 that these vote. */
    private void looksAndHears(long... voters) {
        story.sim.changeable(3);
        start();
        story.crash(1);
        story.write(LEADER, "b", 3);
        story.boot(1);
        String foreign = foreign(story.server(LEADER).replica().peer().lastCommitted() + 1, voters);
        var vote = new Notification(Notification.LOOKING, 66, 0, 1, 0, Notification.VERSION, foreign);
        for (long sid : new long[] {2, LEADER, OBSERVER}) {
            String before = members(sid).text();
            story.server(sid).input(new Input.Heard(sid == 2 ? LEADER : 2, vote));
            assertThat(members(sid).text()).as("has a leader").isEqualTo(before);
        }
        story.server(1).input(new Input.Heard(2, vote));
        assertThat(members(1).text()).isEqualTo(Members.parse(foreign).text());
        story.run(5_000);
        assertThat(story.server(1).isServing()).isFalse();
        assertThat(members(2)).isEqualTo(members(LEADER)).isNotEqualTo(members(1));
        story.write(LEADER, "c", 3);
    }

    /** Where members change, who sends in the name of one is believed by a server that looks for a leader, and by no other. */
    @Test
    void aForeignListInTheNameOfAMemberMisleadsWhoLooksForALeader() {
        looksAndHears(1, 66);
        story.crash(1);
        story.server(1).disk.members = Optional.empty(); // as if started with the members in its configuration
        story.boot(1);
        story.awaitServing(1);
        assertThat(members(1)).isEqualTo(members(LEADER));
        story.calm();
    }

    @Test
    void aForeignListIsForgottenForANewerOneOfAMemberThatItNames() {
        looksAndHears(1, 2, 66);
        var leave = new Request.Reconfig(null, Long.toString(OBSERVER), null, -1);
        story.at(LEADER).ask(leave, a -> assertThat(a.error()).isZero());
        story.awaitServing(1);
        assertThat(members(1)).isEqualTo(members(LEADER));
        assertThat(members(1).servers()).containsOnlyKeys(1L, 2L, LEADER);
        assertThat(story.has(1, "/c2")).isTrue();
        story.calm();
    }

    /** Where members change, votes tell who they are; what cannot be read says nothing, and the vote counts. */
    @Test
    void membersThatCannotBeReadAreNone() {
        story.sim.changeable(3);
        story.boot(1);
        String before = story.server(1).replica().peer().members().text();
        for (String text : List.of(
                "version=ffffffffffff",
                "version=-1\nserver.1=a:1:2",
                "server.66=evil:1:2",
                "server.x=evil:1:2:participant;0.0.0.0:2181\nversion=7fffffffffffffff",
                "server.1=\nversion=7fffffffffffffff",
                "#proposed server.x=\n#proposed version=zz",
                "\u0000\uffff=")) {
            story.server(1)
                    .input(new Input.Heard(
                            2, new Notification(Notification.LOOKING, 2, 0, 1, 0, Notification.VERSION, text)));
            assertThat(story.server(1).replica().peer().members().text())
                    .as(text)
                    .isEqualTo(before);
        }
        story.boot(2, 3);
        story.awaitAnyLeader();
        story.awaitServing(1, 2, 3);
        story.calm();
    }

    /** Amid an election, once each; the member that is said to have sent it votes as well. */
    @Test
    void votesDoNotKeepTheOthersFromElecting() {
        for (Notification vote : votes()) {
            Script looking = new Script(3);
            looking.boot(1, 2);
            looking.server(1).input(new Input.Heard(2, vote));
            looking.server(2).input(new Input.Heard(1, vote));
            looking.awaitAnyLeader();
            looking.write(looking.sim.leader().sid, "a", 1);
            looking.crash(looking.sim.leader().sid); // rounds go on from what was heard
            looking.boot(3);
            looking.awaitAnyLeader();
            looking.calm();
        }
    }
}
