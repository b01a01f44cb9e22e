package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Peer;
import dev.paddock.wire.Acl;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three servers that vote and some observers, which hang on followers. */
class ObserverMasterTest {
    private static final int VOTERS = 3;
    private static final int OBSERVERS = 6;
    private static final long SOON = 5 * Simulation.SECOND;

    private final Script story = new Script(VOTERS + OBSERVERS);
    private final Simulation sim = story.sim.observedByMasters(VOTERS);

    private void boot() {
        sim.start();
        sim.runUntil(Simulation::isServing, SOON);
    }

    private List<SimServer> observers() {
        return sim.servers.stream().filter(s -> s.sid > VOTERS).toList();
    }

    private long masterOf(long sid) {
        return story.server(sid).replica().peer().master();
    }

    private void allHave(String path) {
        sim.runUntil(
                s -> s.servers.stream()
                        .filter(SimServer::isUp)
                        .allMatch(server -> server.isServing() && story.has(server.sid, path)),
                SOON);
    }

    @Test
    void observersHangOnFollowersAndTheLeaderSeesNoneOfThem() {
        boot();
        long leader = sim.leader().sid;
        assertThat(sim.leader().replica().peer().syncedObservers()).isZero();
        assertThat(observers()).allMatch(server -> server.role() == Peer.Role.OBSERVING);
        assertThat(observers().stream().map(s -> masterOf(s.sid)).distinct())
                .hasSize(VOTERS - 1)
                .doesNotContain(leader);
        long served = sim.servers.stream()
                .mapToLong(s -> s.replica().peer().syncedObservers())
                .sum();
        assertThat(served).isEqualTo(OBSERVERS);
        story.write(VOTERS + 1, "through-an-observer", 20);
        story.write(leader, "at-the-leader", 20);
        allHave("/through-an-observer19");
        allHave("/at-the-leader19");
        story.calm();
    }

    @Test
    void whereTheFollowerDiesTheyTakeAnotherAndSessionsLiveOn() {
        boot();
        long observer = VOTERS + 1;
        SimClient client = story.at(observer);
        long session = client.sessionId();
        long first = masterOf(observer);
        story.write(observer, "before", 3);
        story.crash(first);
        sim.runUntil(s -> masterOf(observer) != first && story.server(observer).isServing(), SOON);
        sim.runUntil(s -> client.isOpen(), SOON);
        story.write(observer, "after", 3);
        assertThat(client.sessionId()).isEqualTo(session);
        assertThat(client.sessionsLost).isZero();
        allHave("/after2");
        story.calm();
    }

    @Test
    void whereTheLeaderDiesTheyFollowTheNextOne() {
        boot();
        long leader = sim.leader().sid;
        story.write(VOTERS + 1, "before", 3);
        story.crash(leader);
        sim.runUntil(Simulation::hasEstablishedLeader, SOON);
        sim.runUntil(s -> s.servers.stream().allMatch(server -> server.sid == leader || server.isServing()), SOON);
        assertThat(observers()).extracting(s -> masterOf(s.sid)).doesNotContain(sim.leader().sid, leader);
        story.write(VOTERS + 1, "after", 3);
        allHave("/after2");
        story.calm();
    }

    /** Sessions are told of through the follower: one whose client is silent for long enough lives as long as it pings. */
    @Test
    void sessionsOfObserversLiveAndEnd() {
        boot();
        SimClient client = story.at(VOTERS + 1);
        SimClient dying = story.at(VOTERS + 2);
        story.run(2L * client.timeoutMillis);
        assertThat(client.sessionsLost).isZero();
        long session = dying.sessionId();
        dying.die();
        sim.runUntil(s -> sim.leader().replica().committed().sessionTimeoutMillis(session) < 0, 3 * SOON);
        assertThat(client.sessionsLost).isZero();
        story.calm();
    }

    @Test
    void observersAreToldOnlyWhatIsCommitted() {
        boot();
        long leader = sim.leader().sid;
        story.at(leader);
        for (long sid = 1; sid <= VOTERS; sid++)
            if (sid != leader) story.server(sid).holdDisk();
        story.ask(leader, "/proposed");
        story.run(300);
        for (SimServer observer : observers())
            assertThat(story.has(observer.sid, "/proposed")).isFalse();
        for (long sid = 1; sid <= VOTERS; sid++) story.server(sid).releaseDisk();
        allHave("/proposed");
        story.calm();
    }

    /** What it sent by its old way comes when it is served by the new one, and must not be executed any more. */
    @Test
    void aSessionMovesBetweenObserversOfOneFollower() {
        boot();
        long old = VOTERS + 1;
        long next = observers().stream()
                .filter(s -> s.sid != old && masterOf(s.sid) == masterOf(old))
                .findFirst()
                .orElseThrow()
                .sid;
        List<Runnable> late = movedWithARequestUnderWay(old, next);
        late.forEach(Runnable::run);
        story.write(next, "after", 1);
        allHave("/after0");
        assertThat(story.has(next, "/late")).isFalse();
        story.calm();
    }

    @Test
    void aSessionMovesFromAnObserverToItsFollower() {
        boot();
        long old = VOTERS + 1;
        List<Runnable> late = movedWithARequestUnderWay(old, masterOf(old));
        late.forEach(Runnable::run);
        story.write(masterOf(old), "after", 1);
        allHave("/after0");
        assertThat(story.has(old, "/late")).isFalse();
        story.calm();
    }

    private List<Runnable> movedWithARequestUnderWay(long old, long next) {
        SimClient client = story.at(old);
        List<Runnable> late = new ArrayList<>();
        sim.network.tap = (from, to, packet, arrival) -> {
            boolean takes = from == old && packet.type() == QuorumPacket.REQUEST;
            if (takes) late.add(arrival);
            return takes;
        };
        client.ask(new Request.Create("/late", new byte[0], Acl.OPEN_UNSAFE, 0), a -> {});
        sim.runUntil(s -> !late.isEmpty(), SOON);
        sim.network.tap = (from, to, packet, arrival) -> false;
        client.nextServer = next;
        client.hangUp();
        sim.runUntil(s -> client.isOpen(), SOON);
        assertThat(client.sessionsLost).isZero();
        return late;
    }

    @Test
    void anObserverThatBreaksTheProtocolHarmsNobodyElse() {
        long hostile = VOTERS + 1;
        sim.network.tamper = (from, effect) -> from == hostile
                        && effect instanceof Effect.Send(long link, QuorumPacket p)
                        && p.type() == QuorumPacket.ACK
                ? new Effect.Send(link, new QuorumPacket(QuorumPacket.PROPOSAL, p.zxid() + 1, new byte[1], null))
                : effect;
        sim.start();
        sim.runUntil(s -> s.servers.stream().allMatch(server -> server.sid == hostile || server.isServing()), SOON);
        long epoch = sim.leader().replica().peer().epoch();
        story.run(2_000);
        assertThat(sim.servers).allMatch(server -> server.isServing() == (server.sid != hostile));
        assertThat(sim.leader().replica().peer().epoch()).isEqualTo(epoch);
        sim.network.tamper = (from, effect) -> effect;
        story.calm();
    }

    /** As where a bit has flipped in its file. */
    @Test
    void anObserverFollowsWhateverItHasAccepted() throws IOException {
        boot();
        long observer = VOTERS + 1;
        story.crash(observer);
        story.server(observer).disk.persist(new Effect.SaveAcceptedEpoch(90));
        long epoch = sim.leader().replica().peer().epoch();
        story.boot(observer);
        story.awaitServing(observer);
        assertThat(masterOf(observer)).isNotEqualTo(sim.leader().sid);
        assertThat(sim.leader().replica().peer().epoch()).isEqualTo(epoch);
        story.write(observer, "after", 3);
        allHave("/after2");
        story.calm();
    }

    /** Then the leader's quorum port has to do. */
    @Test
    void whereNobodyElseVotesTheyHangOnTheLeader() {
        Script alone = new Script(3);
        alone.sim.observedByMasters(1).start();
        alone.sim.runUntil(Simulation::isServing, SOON);
        assertThat(alone.sim.leader().replica().peer().syncedObservers()).isEqualTo(2);
        alone.write(2, "a", 3);
        alone.calm();
    }

    @Test
    void whereNoFollowerServesTheyHangOnTheLeaderAtLast() {
        sim.network.mastersClosed = true;
        sim.start();
        sim.runUntil(Simulation::isServing, 3 * SOON);
        assertThat(sim.leader().replica().peer().syncedObservers()).isEqualTo(OBSERVERS);
        sim.network.mastersClosed = false;
        story.write(VOTERS + 1, "a", 3);
        story.calm();
    }
}
