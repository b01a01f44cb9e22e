package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.sim.Mutants.EarlyDisk;
import dev.paddock.node.sim.Mutants.EpochFirstDisk;
import dev.paddock.node.sim.Mutants.SnapshotLosingDisk;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Peer;
import dev.paddock.node.zab.Timing;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Request;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.Zxid;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Failures that such systems really had, each told as a story on the simulator; the numbers are ZooKeeper's issues. Each
 * story is told twice: with the server as it is, and with the fault that made it famous planted, which must be found.
 */
class MuseumTest {

    // M7, ZOOKEEPER-3911: a transaction was shown to clients, then gone.

    @ParameterizedTest(name = "on files: {0}")
    @ValueSource(booleans = {false, true})
    void m7HistoryIsDurableBeforeItIsAcknowledged(boolean onFiles) {
        m7(new Script(3).onFiles(onFiles));
    }

    @Test
    void m7IsFoundWhereTheDiskAnswersEarly() {
        assertThatThrownBy(() -> m7(new Script(3).on(() -> new EarlyDisk(1), 1, 2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("leads without what was shown to clients before");
    }

    private static void m7(Script story) {
        story.sim.oracle.watchesDisks = false;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.write(3, "a", 3);
        story.isolate(3);
        story.ask(3, "/x");
        story.run(100); // now on the disk of 3 only
        story.crash(1, 2, 3);
        story.sim.network.healAll();
        story.boot(1, 2, 3);
        story.awaitLeader(3); // a quorum has taken it over, so it is shown
        assertThat(story.has(3, "/x")).isTrue();
        story.crash(1, 2, 3);
        story.boot(1, 2);
        long leader = story.awaitAnyLeader();
        assertThat(story.has(leader, "/x")).isTrue();
        story.calm();
    }

    // Seen with ZooKeeper 3.9.5: one page of one server's log came back as zeros while another server lagged behind.

    @Test
    void whoHasLostItsEndElectsNobody() {
        lostEnd(SimDisk::new);
    }

    @Test
    void whoDoesNotKnowThatItsEndIsLostElectsALeaderWithoutIt() {
        assertThatThrownBy(() -> lostEnd(Mutants.TrustingDisk::new))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("leads without what was shown to clients before");
    }

    private static void lostEnd(Supplier<SimDisk> disk) {
        Script story = new Script(3);
        story.sim.oracle.watchesDisks = false;
        story.server(2).disk = disk.get();
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.write(3, "a", 3);
        story.crash(1); // lags behind
        story.write(3, "b", 10);
        story.crash(2, 3);
        story.server(2).disk.rot(10);
        story.boot(1, 2);
        story.run(20_000);
        assertThat(story.server(1).isServing() || story.server(2).isServing()).isFalse();
        story.boot(3);
        story.awaitServing(1, 2, 3);
        assertThat(story.has(2, "/b9")).isTrue();
        story.crash(3);
        long leader = story.awaitAnyLeader(); // healed, it votes again
        assertThat(story.has(leader, "/b9")).isTrue();
        story.calm();
    }

    // M8, ZOOKEEPER-4643, -4646, -4785: a follower crashes amid its synchronization.

    @ParameterizedTest(name = "on files: {0}, crash after {1}")
    @MethodSource("m8Crashes")
    void m8AnyCrashOfSynchronizationKeepsTheOrder(boolean onFiles, int crashAfter) {
        m8(new Script(3).onFiles(onFiles), crashAfter);
    }

    static Stream<Arguments> m8Crashes() {
        return Script.onBoth(IntStream.range(0, 16));
    }

    @Test
    void m8IsFoundWhereTheEpochIsSavedFirst() {
        List<String> found = new ArrayList<>();
        for (int crashAfter = 0; crashAfter < 16; crashAfter++) {
            try {
                m8(new Script(3).on(EpochFirstDisk::new, 1), crashAfter);
            } catch (AssertionError e) {
                found.add(e.getMessage());
            }
        }
        assertThat(found).isNotEmpty().allMatch(message -> message.contains("leads without what was shown"));
    }

    private static void m8(Script story, int crashAfter) {
        story.sim.oracle.watchesDisks = false;
        story.sim.forcesOneByOne = true;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.write(3, "a", 2);
        story.crash(1);
        story.write(3, "b", 10);
        story.crash(2, 3);
        int before = story.server(1).disk.performed;
        story.boot(1, 3);
        story.sim.runUntil(
                s -> story.server(1).disk.performed >= before + crashAfter
                        || story.server(1).isServing(),
                Script.LIMIT);
        story.crash(1, 3);
        story.boot(1, 2); // 1 has part of the history and perhaps the epoch, 2 has all of it and not the epoch
        long leader = story.awaitAnyLeader();
        assertThat(story.has(leader, "/b9")).isTrue();
        story.calm();
    }

    // M9, ZOOKEEPER-4394, -4685, -3023: acks and commits around NEWLEADER in any order.

    @Test
    void m9AcksMayComeInAnyOrder() {
        Script story = new Script(3);
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.write(3, "a", 2);
        story.crash(1);
        story.server(2).holdDisk(); // so what is proposed stays uncommitted until 1 helps
        for (int i = 0; i < 5; i++) story.ask(3, "/b" + i);
        story.run(50);
        List<Runnable> held = new ArrayList<>();
        List<Long> linked = new ArrayList<>(); // sids of followers
        story.sim.network.tap = (from, to, packet, arrival) -> {
            if (packet.type() == QuorumPacket.FOLLOWERINFO) linked.add(from);
            if (packet.type() == QuorumPacket.COMMIT) arrival.run(); // and once more: told twice
            if (from != 1 || packet.type() != QuorumPacket.ACK) return false;
            if (Zxid.counter(packet.zxid()) == 0 && held.isEmpty()) {
                held.add(arrival); // the ack of NEWLEADER waits for that of a proposal
                return true;
            }
            arrival.run();
            held.forEach(Runnable::run);
            return true;
        };
        story.boot(1);
        story.sim.runUntil(s -> story.server(1).isServing() && story.has(1, "/b4"), 2 * Simulation.SECOND);
        story.server(2).releaseDisk();
        story.calm();
        assertThat(linked).as("no link ended").containsExactly(1L);
    }

    // M10, ZOOKEEPER-4925: a log in memory with a hole, spread by its owner.

    @Test
    void m10WhoeverLeadsPassesOnAllOfHistory() {
        m10(false);
    }

    @Test
    void m10IsFoundWhereTheLogInMemoryHasAHole() {
        assertThatThrownBy(() -> m10(true)).isInstanceOf(AssertionError.class).hasMessageContaining("all of history");
    }

    private static void m10(boolean hasHole) {
        Script story = new Script(5);
        story.boot(1, 2, 3, 4, 5);
        story.awaitLeader(5);
        story.awaitServing(1, 2, 3, 4);
        story.write(5, "before", 2);
        story.run(50);
        story.crash(2);
        story.write(5, "foo", 10);
        story.crash(4);
        story.write(5, "bar", 10);
        story.boot(4);
        story.awaitServing(4);
        story.crash(5);
        story.awaitLeader(4);
        if (hasHole) story.sim.network.tamper = BrokenLinks.passingOnAHole(story.sim);
        story.boot(2);
        story.awaitServing(2);
        assertThat(story.has(2, "/foo9")).as("all of history").isTrue();
        assertThat(story.has(2, "/bar0")).as("all of history").isTrue();
        assertThat(story.has(2, "/bar9")).as("all of history").isTrue();
        story.calm();
    }

    // M11, ZOOKEEPER-2845: the last zxid was taken from memory, not from the log.

    @Test
    void m11TheLastZxidIsThatOfTheLog() {
        m11(false);
    }

    @Test
    void m11IsFoundWhereMemoryIsAsked() {
        assertThatThrownBy(() -> m11(true)).isInstanceOf(AssertionError.class).hasMessageContaining("differs at");
    }

    private static void m11(boolean tellsMemory) {
        Script story = new Script(3);
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.write(3, "a", 3);
        story.at(2);
        long shared = story.server(3).replica().committed().lastZxid();
        story.isolate(3);
        story.ask(3, "/x");
        story.awaitLeader(2);
        story.write(2, "b", 2);
        if (tellsMemory) story.sim.network.tamper = Mutants.telling(3, shared);
        story.sim.network.healAll();
        story.sim.runUntil(s -> story.server(3).isServing() && !story.server(3).isLeading(), Script.LIMIT);
        assertThat(story.has(3, "/x")).isFalse();
        story.crash(1, 2, 3);
        story.boot(1, 3);
        story.awaitAnyLeader();
        assertThat(story.has(3, "/x")).isFalse();
        story.calm();
    }

    // M12, ZOOKEEPER-3642, -2872: the leader dies after SNAP and before NEWLEADER.

    @ParameterizedTest(name = "on files: {0}")
    @ValueSource(booleans = {false, true})
    void m12AnInstalledSnapshotStays(boolean onFiles) {
        m12(new Script(3).onFiles(onFiles));
    }

    @Test
    void m12IsFoundWhereTheSnapshotIsInMemoryOnly() {
        assertThatThrownBy(() -> m12(new Script(3).on(SnapshotLosingDisk::new, 1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("differs at");
    }

    private static void m12(Script story) {
        story.sim.oracle.watchesDisks = false;
        story.sim.commitLogCount = 3;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.write(3, "a", 3);
        story.crash(1);
        story.write(3, "b", 20);
        long end = story.server(3).replica().committed().lastZxid();
        story.sim.network.tap = (from, to, packet, arrival) -> packet.type() == QuorumPacket.NEWLEADER && from == 3;
        story.boot(1);
        story.sim.runUntil(s -> story.server(1).replica().committed().lastZxid() == end, Script.LIMIT);
        story.run(50);
        story.crash(3);
        story.awaitLeader(2);
        story.awaitServing(1);
        story.write(2, "c", 2);
        story.run(50);
        story.crash(1, 2);
        story.boot(1, 3);
        story.awaitLeader(1);
        assertThat(story.has(1, "/b19")).isTrue();
        assertThat(story.has(1, "/c1")).isTrue();
        story.calm();
    }

    // M13, ZOOKEEPER-3104: history goes on while the snapshot is on its way.

    @ParameterizedTest(name = "on files: {0}, crash after {1}")
    @MethodSource("m13Crashes")
    void m13CommitsDuringASnapshotAreNotTakenForPartOfIt(boolean onFiles, int crashAfter) {
        m13(new Script(3).onFiles(onFiles), crashAfter);
    }

    static Stream<Arguments> m13Crashes() {
        return Script.onBoth(IntStream.rangeClosed(1, 8));
    }

    @Test
    void m13IsFoundWhereTheSnapshotGetsTheLaterName() {
        assertThatThrownBy(() -> m13(new Script(3).on(BrokenDisks.NamesSnapshotsLateDisk::new, 1), 8))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("differs at");
    }

    private static void m13(Script story, int crashAfter) {
        story.sim.commitLogCount = 3;
        story.sim.forcesOneByOne = true;
        story.sim.network.snapshotSpanNanos = 2 * Simulation.SECOND;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.write(3, "a", 3);
        story.crash(1);
        story.write(3, "b", 20);
        int before = story.server(1).disk.performed;
        story.boot(1);
        story.run(30);
        story.write(3, "c", 10);
        story.sim.runUntil(s -> story.server(1).disk.performed >= before + crashAfter, Script.LIMIT);
        story.crash(1);
        story.boot(1);
        story.awaitServing(1);
        story.crash(2);
        story.write(3, "d", 1);
        assertThat(story.has(1, "/c9")).isTrue();
        story.calm();
    }

    // A snapshot of a leader that was never established holds what nobody else has. It cannot be cut, so it is
    // replaced.

    @Test
    void aSnapshotOfALeaderThatWasNeverEstablishedIsReplaced() {
        abandonedSnapshot(true);
    }

    @Test
    void aSnapshotThatIsNeverReplacedKeepsTheServerOut() {
        assertThatThrownBy(() -> abandonedSnapshot(false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not reached in time");
    }

    private static void abandonedSnapshot(boolean asksForAnother) {
        Script story = new Script(3);
        story.sim.commitLogCount = 3;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.write(3, "a", 2);
        story.run(50);
        story.crash(1, 2, 3);
        story.boot(2, 3);
        story.awaitLeader(3); // of an epoch that 1 knows nothing of
        story.write(3, "b", 10);
        story.sim.network.cut(2, 3, false);
        story.ask(3, "/x");
        story.run(50); // now on the disk of 3 only
        long end = story.server(3).disk.lastZxid();
        story.crash(2, 3);
        story.sim.network.healAll();
        story.sim.network.tap = (from, to, packet, arrival) -> packet.type() == QuorumPacket.NEWLEADER && from == 3;
        story.boot(1, 3);
        story.sim.runUntil(s -> story.server(1).disk.lastZxid() == end, Script.LIMIT);
        story.crash(3);
        if (!asksForAnother) story.sim.network.tamper = Mutants.telling(1, end);
        story.boot(2);
        story.sim.runUntil(s -> story.server(1).isServing() && story.server(2).isLeading(), 3 * Simulation.SECOND);
        assertThat(story.has(1, "/x")).isFalse();
        assertThat(story.has(1, "/b9")).isTrue();
        story.sim.network.tap = (from, to, packet, arrival) -> false;
        story.calm();
    }

    // A leader that is one no longer and does not know it yet.

    @Test
    void aSyncIsNotAnsweredByAFormerLeader() {
        assertThat(formerLeaderAnswersSync(false)).isFalse();
    }

    @Test
    void aSyncAnsweredByAFormerLeaderIsFound() {
        assertThatThrownBy(() -> formerLeaderAnswersSync(true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("misses what was acknowledged before it");
    }

    private static boolean formerLeaderAnswersSync(boolean believesItself) {
        Script story = new Script(3);
        if (believesItself) story.sim.network.tamper = Mutants.countingPingsAsAnswered(story.sim);
        story.server(3).timing = new Timing(500_000_000L, 10, 50, Script.LIMIT); // it believes in itself for long
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        SimClient client = story.at(3);
        story.isolate(3);
        story.awaitLeader(2);
        story.write(2, "b", 1);
        boolean[] answered = {false};
        client.ask(new Request.Sync("/"), a -> answered[0] = true);
        story.run(5);
        story.calm();
        return answered[0];
    }

    // M25, ZOOKEEPER-1277: the counter of an epoch is used up.

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void m25TheCounterRollsOverIntoAnotherEpoch(int servers) {
        Script story = new Script(servers);
        for (SimServer server : story.sim.servers) {
            server.disk.base = endOfEpoch();
        }
        for (SimServer server : story.sim.servers) server.boot();
        story.awaitLeader(servers);
        story.write(servers, "a", 10);
        for (int i = 0; i < 10; i++) story.ask(servers, "/b" + i);
        story.run(3_000);
        story.write(servers, "c", 3);
        assertThat(Zxid.epoch(story.server(servers).replica().committed().lastZxid()))
                .isGreaterThan(1);
        story.calm();
    }

    // M35, ZOOKEEPER-2201, -3531: a follower stops reading amid a snapshot.

    @Test
    void m35WhoeverStopsReadingAmidASnapshotHoldsUpNobody() {
        Script story = new Script(3);
        story.sim.commitLogCount = 4;
        story.sim.network.snapshotSpanNanos = 10 * Simulation.SECOND;
        story.boot(2, 3);
        story.awaitLeader(3);
        story.write(3, "a", 20);
        boolean[] isUnderWay = new boolean[1];
        story.sim.network.tap = (from, to, packet, arrival) -> {
            isUnderWay[0] |= packet.type() == QuorumPacket.SNAP;
            return false;
        };
        story.boot(1);
        story.sim.runUntil(s -> isUnderWay[0], Script.LIMIT);
        story.sim.network.cutOneWay(3, 1);
        long before = story.sim.nowNanos;
        story.write(3, "b", 20);
        story.write(2, "c", 20);
        assertThat(story.sim.nowNanos - before).isLessThan(2 * Simulation.SECOND);
        story.sim.network.snapshotSpanNanos = 30_000_000;
        story.run(6_000); // it is given up
        assertThat(story.server(3).isLeading()).isTrue();
        assertThat(story.server(1).isServing()).isFalse();
        story.calm();
    }

    private static Database endOfEpoch() {
        Txn.Error nothing = new Txn.Error(0);
        TxnHeader header = new TxnHeader(0, 0, Zxid.of(1, 0xffff_fff0), 0, nothing.type());
        return Database.empty().apply(header, nothing).after();
    }

    // A server restarts while others have just elected it: it looks, they wait for it.

    @Test
    void whoeverWasElectedAndForgotItIsElectedAgainSoon() {
        Script story = new Script(3);
        story.boot(2, 3);
        story.awaitLeader(3);
        story.awaitServing(2);
        story.crash(3);
        story.sim.runUntil(s -> story.server(2).role() == Peer.Role.LOOKING, Script.LIMIT);
        story.boot(3);
        story.sim.runUntil(s -> story.server(2).role() == Peer.Role.FOLLOWING, Script.LIMIT); // in the second round
        story.sim.network.cut(2, 3, false);
        story.crash(3);
        story.run(5); // no vote of that round is on its way any more
        story.sim.network.healAll();
        story.boot(3); // before 2 dials again; counts rounds from one
        story.sim.runUntil(Simulation::hasEstablishedLeader, Simulation.SECOND);
        story.calm();
    }

    // A promise that was given and did not arrive must not cost more than an election.

    @Test
    void aPromiseThatIsLostIsAskedForAgainSoon() {
        Script story = new Script(3);
        boolean[] lost = {false};
        story.sim.network.tap = (from, to, packet, arrival) -> {
            if (packet.type() != QuorumPacket.ACKEPOCH || lost[0]) return false;
            lost[0] = true;
            story.crash(from);
            story.boot(from);
            return true;
        };
        story.boot(2, 3);
        story.sim.runUntil(Simulation::hasEstablishedLeader, 2 * Simulation.SECOND);
        assertThat(lost[0]).isTrue();
        story.calm();
    }
}
