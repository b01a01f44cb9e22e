package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.members.Members;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.wire.AckEpoch;
import dev.paddock.wire.LearnerInfo;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Zxid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member says that is broken or lies. Its link ends at most; nobody's state changes, and the others go on. */
class HostilePeersTest {
    private static final long LEADER = 3;
    private static final long[] EXTREMES = {Long.MIN_VALUE, -1, 0, 0x7fff_ffff_ffff_0000L, Long.MAX_VALUE};

    private final Script story = new Script(3);

    private void start() {
        story.boot(1, 2, 3);
        story.awaitLeader(LEADER);
        story.awaitServing(1, 2, 3);
        story.write(LEADER, "a", 3);
    }

    private static QuorumPacket packet(int type, long zxid, byte... data) {
        return new QuorumPacket(type, zxid, data, null);
    }

    private static QuorumPacket bare(int type, long zxid) {
        return new QuorumPacket(type, zxid, null, null);
    }

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
            99,
            -1
        }) {
            all.add(bare(type, last + 1));
        }
        for (long zxid : new long[] {-1, Long.MAX_VALUE, last + 5, last + (1L << 32)}) {
            all.add(packet(QuorumPacket.PROPOSAL, zxid, (byte) 1));
            all.add(bare(QuorumPacket.TRUNC, zxid));
        }
        all.add(bare(QuorumPacket.COMMIT, Long.MAX_VALUE));
        all.add(packet(QuorumPacket.COMMITANDACTIVATE, last + 1, (byte) 1));
        all.add(packet(QuorumPacket.PING, 1, stranger));
        all.add(packet(QuorumPacket.PING, 1, (byte) 1));
        return all;
    }

    @Test
    void aFollowerLeavesALeaderThatBreaksTheProtocolAndKeepsWhatItHas() {
        start();
        long epoch = story.sim.leader().replica().peer().epoch();
        for (QuorumPacket p : ofALeader()) {
            SimServer follower = story.server(1);
            long link = follower.replica().peer().leaderLink();
            follower.input(new Input.Received(link, p));
            assertThat(follower.isServing()).as(p.toString()).isFalse();
            assertThat(story.has(1, "/a2")).as(p.toString()).isTrue();
            story.awaitServing(1);
            assertThat(story.server(LEADER).isLeading()).as(p.toString()).isTrue();
        }
        assertThat(story.sim.leader().replica().peer().epoch()).isEqualTo(epoch);
        story.calm();
    }

    /** Before each packet by which it is brought up to date. */
    @Test
    void aLearnerLeavesALeaderThatSpeaksOutOfTurnAndKeepsWhatItHas() {
        start();
        long epoch = story.sim.leader().replica().peer().epoch();
        boolean isBefore = true;
        int told = 1;
        for (; isBefore; told++) {
            for (QuorumPacket p : outOfTurn()) {
                isBefore = hearsBefore(told, p);
                assertThat(story.has(1, "/a2"))
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

    /** Nothing of this is what any phase waits for. */
    private List<QuorumPacket> outOfTurn() {
        long last = story.server(LEADER).replica().peer().lastCommitted();
        List<QuorumPacket> all = new ArrayList<>();
        for (int type : new int[] {QuorumPacket.LEADERINFO, QuorumPacket.UPTODATE}) {
            for (long zxid : new long[] {0, last + 1, -1, Long.MAX_VALUE}) all.add(bare(type, zxid));
        }
        for (long zxid : new long[] {last + 5, Long.MAX_VALUE}) all.add(bare(QuorumPacket.TRUNC, zxid));
        for (int type : new int[] {QuorumPacket.ACK, QuorumPacket.FOLLOWERINFO, QuorumPacket.ACKEPOCH, 99, -1}) {
            all.add(bare(type, last));
        }
        all.add(bare(QuorumPacket.COMMIT, last + 5));
        all.add(packet(QuorumPacket.PROPOSAL, last + 5, (byte) 1));
        return all;
    }

    /** Returns whether it did not serve yet then. */
    private boolean hearsBefore(int nth, QuorumPacket p) {
        story.crash(1);
        story.write(LEADER, "c" + nth + "-" + story.sim.nowNanos, 1);
        int[] arrived = {0};
        story.sim.network.tap = (from, to, packet, arrival) -> {
            SimServer learner = story.server(1);
            if (to == 1 && learner.isUp() && ++arrived[0] == nth) {
                learner.input(new Input.Received(learner.replica().peer().leaderLink(), p));
            }
            return false;
        };
        story.boot(1);
        story.sim.runUntil(s -> s.server(1).isServing() || arrived[0] >= nth, Script.LIMIT);
        boolean isBefore = arrived[0] >= nth;
        story.awaitServing(1);
        story.sim.network.tap = (from, to, packet, arrival) -> false;
        return isBefore;
    }

    @Test
    void whatIsCommittedIsNotCutByTheWordOfALeader() {
        start();
        story.crash(1);
        story.boot(1);
        story.awaitServing(1);
        long last = story.server(1).replica().peer().lastCommitted();
        for (long zxid : new long[] {last - 1, Zxid.of(Zxid.epoch(last), 0), 0, -1}) {
            int[] cuts = {0};
            story.sim.network.tamper = (from, effect) -> {
                if (!(effect instanceof Effect.Send(long link, QuorumPacket p)) || p.type() != QuorumPacket.DIFF) {
                    return effect;
                }
                cuts[0]++;
                return new Effect.Send(link, bare(QuorumPacket.TRUNC, zxid));
            };
            story.server(1)
                    .input(new Input.Unlinked(story.server(1).replica().peer().leaderLink()));
            story.sim.runUntil(s -> cuts[0] > 2, Script.LIMIT);
            assertThat(story.server(1).isServing())
                    .as("after TRUNC to %d", zxid)
                    .isFalse();
            assertThat(story.server(1).replica().peer().lastCommitted()).isEqualTo(last);
            story.sim.network.tamper = (from, effect) -> effect;
            story.awaitServing(1);
            assertThat(story.has(1, "/a2")).isTrue();
        }
        story.calm();
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
        String foreign = String.join("\n", Simulation.line(1, "participant"), Simulation.line(66, "participant"))
                + "\nversion=7fffffff";
        assertThat(Members.parse(foreign).version()).isEqualTo(0x7fff_ffff);
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
