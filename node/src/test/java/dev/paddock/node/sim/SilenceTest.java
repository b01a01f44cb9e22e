package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Peer;
import dev.paddock.node.zab.Timing;
import dev.paddock.wire.Acl;
import dev.paddock.wire.LeaderInfo;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Request;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who stands still, or is heard by some only: a leader that is silent for longer than it may be is replaced, and nothing else is.
 * Server 3 leads at first; a tick is 500 ms, syncLimit five of them, and a leader may be silent for a second.
 */
class SilenceTest {
    private static final long LEADER = 3;
    private static final long MILLIS = 1_000_000;
    private static final long SILENCE_MILLIS = SimServer.SILENCE_NANOS / MILLIS;
    private static final int APACHES_PROTOCOL = 0x10000;

    private final Script story = new Script(3);
    private final Simulation sim = story.sim;
    private long epoch;
    private int votes; // notifications of servers that look for a leader

    private void start() {
        story.boot(1, 2, 3);
        story.awaitLeader(LEADER);
        story.awaitServing(1, 2, 3);
        story.write(LEADER, "before", 3);
        story.run(1_000);
        epoch = epoch();
        var sent = sim.network.tamper;
        sim.network.tamper = (from, effect) -> {
            if (effect instanceof Effect.Notify(long to, Notification n) && n.state() == Notification.LOOKING) votes++;
            return sent.sent(from, effect);
        };
    }

    private long epoch() {
        return sim.leader().replica().peer().epoch();
    }

    /** Nobody looked for a leader. */
    private void nothingHappened() {
        story.run(1_000);
        assertThat(votes).isZero();
        assertThat(epoch()).isEqualTo(epoch);
        story.awaitServing(1, 2, 3);
        story.write(1, "after", 1);
        story.calm();
    }

    private void pause(long sid, long millis) {
        story.server(sid).pause(millis * MILLIS);
    }

    @Test
    void aLeaderThatStandsStillIsReplacedInTimeAndThenFollows() {
        start();
        SimClient client = story.at(LEADER);
        story.at(1);
        pause(LEADER, 5_000);
        long paused = sim.nowNanos;
        client.ask(new Request.Create("/late", new byte[0], Acl.OPEN_UNSAFE, 0), a -> {});
        client.ask(new Request.Sync("/"), a -> {});
        sim.runUntil(s -> story.server(2).isLeading(), Script.LIMIT);
        assertThat((sim.nowNanos - paused) / MILLIS).isBetween(SILENCE_MILLIS - 300, SILENCE_MILLIS + 100);
        story.write(1, "meanwhile", 3);
        sim.runUntil(s -> !story.server(LEADER).isPaused(), Script.LIMIT);
        sim.runUntil(s -> !story.server(LEADER).isServing(), 300 * MILLIS);
        story.awaitServing(LEADER);
        assertThat(story.server(LEADER).role()).isEqualTo(Peer.Role.FOLLOWING);
        assertThat(epoch()).isEqualTo(epoch + 1);
        assertThat(sim.clients).allMatch(c -> c.sessionsLost == 0);
        story.calm();
    }

    @Test
    void aLeaderThatStandsStillForLessLeadsOn() {
        start();
        for (int i = 0; i < 10; i++) {
            pause(LEADER, SILENCE_MILLIS - 300);
            story.run(SILENCE_MILLIS + 37);
        }
        nothingHappened();
    }

    /** What came meanwhile waits to be read: its own pause is not the leader's silence. */
    @Test
    void aFollowerThatStoodStillFollowsOn() {
        start();
        for (int i = 0; i < 10; i++) {
            pause(1 + i % 2, 2 * SILENCE_MILLIS);
            story.run(2 * SILENCE_MILLIS + 137);
        }
        nothingHappened();
    }

    @Test
    void aLeaderWaitsForAQuorumThatStandsStill() {
        start();
        for (int i = 0; i < 5; i++) {
            pause(1, SILENCE_MILLIS + 300);
            pause(2, SILENCE_MILLIS + 300);
            story.run(SILENCE_MILLIS + 1_000);
        }
        nothingHappened();
    }

    @Test
    void allMayStandStillAtOnce() {
        start();
        for (long sid = 1; sid <= 3; sid++) pause(sid, 10_000);
        story.run(10_000);
        nothingHappened();
    }

    @Test
    void noSessionEndsByAPauseOfTheLeader() {
        sim.servers.forEach(server -> server.timing = new Timing(500 * MILLIS, 10, 5, 2_000 * MILLIS));
        start();
        SimClient client = sim.client();
        client.nextServer = 1;
        client.timeoutMillis = 1_000; // the shortest there is
        sim.runUntil(s -> client.isOpen(), Script.LIMIT);
        for (int i = 0; i < 30; i++) {
            pause(LEADER, 1_700); // the client's pings wait to be read
            story.run(2_053);
        }
        assertThat(client.sessionsLost).isZero();
        assertThat(story.server(LEADER).replica().expiredCount()).isZero();
        nothingHappened();
    }

    @Test
    void slowDisksAreNoSilence() {
        start();
        for (int i = 0; i < 5; i++) {
            story.ask(1, "/slow" + i);
            sim.stallDisks(2 * SimServer.SILENCE_NANOS);
            story.run(2 * SILENCE_MILLIS + 100);
        }
        nothingHappened();
    }

    @Test
    void aDiskThatHangsIsNoSilence() {
        start();
        for (long sid = 1; sid <= 3; sid++) {
            story.server(sid).holdDisk();
            story.ask(1, "/held" + sid);
            story.run(2 * SILENCE_MILLIS);
            story.server(sid).releaseDisk();
        }
        nothingHappened();
    }

    /** It pings each half tick, which may be long. */
    @Test
    void aLeaderOfApachesMayBeSilentForSyncLimit() {
        sim.network.tamper = (from, effect) ->
                effect instanceof Effect.Send(long link, QuorumPacket p) && p.type() == QuorumPacket.LEADERINFO
                        ? new Effect.Send(link, likeApache(p))
                        : effect;
        start();
        pause(LEADER, 2 * SILENCE_MILLIS);
        story.run(2 * SILENCE_MILLIS);
        nothingHappened();
    }

    private static QuorumPacket likeApache(QuorumPacket leaderInfo) {
        return new QuorumPacket(
                QuorumPacket.LEADERINFO, leaderInfo.zxid(), new LeaderInfo(APACHES_PROTOCOL).toBytes(), null);
    }

    @Test
    void aLeaderThatHearsNobodyServesNobodySoon() {
        start();
        story.isolate(LEADER);
        sim.runUntil(s -> !story.server(LEADER).isServing(), 2 * SimServer.SILENCE_NANOS);
        story.awaitLeader(2);
        story.calm();
    }

    /** The links are closed, not silent: whoever is left without a quorum need not wait for ticks. */
    @Test
    void aLeaderWhoseFollowersDieServesNobodyAtOnce() {
        start();
        story.crash(1, 2);
        sim.runUntil(s -> !story.server(LEADER).isServing(), 300 * MILLIS);
        story.boot(1, 2);
        story.awaitAnyLeader();
        story.calm();
    }

    /** One member hears the leader, or is heard by it, no more: the others do not notice, and it comes back by itself. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"hears nobody", "is heard by nobody", "does not hear the leader", "is not heard by the leader"})
    void aMemberThatIsHalfCutDisturbsNobody(String how) {
        start();
        boolean hears = how.startsWith("is");
        for (long other : how.endsWith("leader") ? List.of(LEADER) : List.of(2L, LEADER)) {
            if (hears) sim.network.cutOneWay(1, other);
            else sim.network.cutOneWay(other, 1);
        }
        for (int i = 0; i < 20; i++) {
            story.run(500);
            assertThat(story.server(LEADER).isLeading()).as(how).isTrue();
            assertThat(story.server(2).isServing()).as(how).isTrue();
            story.write(2, "during" + i + "-", 1);
        }
        sim.network.healAll();
        story.awaitServing(1);
        assertThat(epoch()).isEqualTo(epoch);
        story.calm();
    }
}
