package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Effect;
import dev.paddock.wire.Notification;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.Zxid;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** M25, ZOOKEEPER-1277: the zxids of an epoch are used up. Leaders that come near the end hand over. */
class RollOverTest {
    private static final long LIMIT = Script.LIMIT;
    private static final long QUICK = 100_000_000; // what a planned hand-over may take
    private static final int FEW = 100; // zxids of an epoch here; an heir is looked for from the 75th on
    private static final int FEWER = 48; // amid faults, where epochs are short
    private static final long PATIENT = 2; // server that has more, so that sessions have the time to expire in the end
    private static final int SEEDS = 300;
    private static final long FOUND_SOMETHING = 5751; // all was calm just as a leader had ended its epoch
    private static long usedUpOfAllSeeds;
    private static int ran;

    private int votes; // notifications of servers that look for a leader

    static LongStream seeds() {
        return Seeds.chosen(SEEDS, FOUND_SOMETHING);
    }

    @AfterAll
    static void epochsWereUsedUp() {
        if (ran >= SEEDS) assertThat(usedUpOfAllSeeds).isGreaterThan(ran / 2); // fewer tell nothing of all
    }

    private static long usedUp(Simulation random) {
        return LongStream.range(1, epoch(random))
                .filter(epoch -> Zxid.counter(random.oracle.lastOf(epoch)) >= FEWER * 3 / 4)
                .count();
    }

    private Simulation ensemble(int servers) {
        Simulation sim = Simulation.servers(servers, 1).clients(3);
        sim.servers.forEach(server -> server.zxidsPerEpoch = FEW);
        sim.network.tamper = (from, effect) -> {
            if (effect instanceof Effect.Notify(long to, Notification n) && n.state() == Notification.LOOKING) votes++;
            return effect;
        };
        return sim;
    }

    private static Simulation started(Simulation sim) {
        sim.start();
        sim.runUntil(Simulation::isServing, LIMIT);
        sim.run(50_000_000); // no vote is on its way any more
        return sim;
    }

    private static long epoch(Simulation sim) {
        return sim.leader().replica().peer().epoch();
    }

    private static void end(Simulation sim) {
        sim.clients.forEach(SimClient::stop);
        sim.runUntil(Simulation::isCalm, LIMIT);
        sim.servers.forEach(sim.oracle::calm);
    }

    @Test
    void leadershipMovesWithoutAnElectionAgainAndAgain() {
        Simulation sim = started(ensemble(3));
        votes = 0;
        long first = epoch(sim);
        while (epoch(sim) < first + 5) {
            long epoch = epoch(sim);
            sim.runUntil(s -> !s.hasEstablishedLeader(), LIMIT);
            sim.runUntil(s -> s.hasEstablishedLeader() && epoch(s) > epoch, QUICK);
        }
        sim.runUntil(Simulation::isServing, LIMIT);
        assertThat(votes).isZero();
        end(sim);
    }

    @Test
    void amongServersThatKnowNoHandOverItIsAnElection() {
        Simulation sim = ensemble(3);
        HandOverTest.likeApache(sim, List.of(1L, 2L));
        started(sim);
        long first = epoch(sim);
        sim.runUntil(s -> s.hasEstablishedLeader() && epoch(s) == first + 2, LIMIT);
        assertThat(Zxid.counter(sim.oracle.lastOf(first))).isBetween(FEW - 10L, (long) FEW);
        end(sim);
    }

    @Test
    void anHeirThatComesLateTakesOver() {
        Simulation sim = ensemble(3);
        HandOverTest.likeApache(sim, List.of(1L));
        started(sim);
        sim.server(2).crash();
        long first = epoch(sim);
        sim.runUntil(s -> Zxid.counter(s.leader().replica().peer().lastLogged()) > 80, LIMIT);
        sim.server(2).boot();
        sim.runUntil(s -> s.server(2).isLeading(), LIMIT);
        assertThat(epoch(sim)).isEqualTo(first + 1);
        assertThat(Zxid.counter(sim.oracle.lastOf(first))).isLessThan(FEW);
        end(sim);
    }

    @Test
    void theOnlyVoterGoesOnInAnotherEpochAndKeepsItsObserver() {
        Simulation sim = ensemble(2).changeable(1);
        sim.start();
        sim.runUntil(Simulation::isServing, LIMIT);
        long first = epoch(sim);
        for (long epoch = first; epoch < first + 3; epoch = epoch(sim)) {
            sim.runUntil(s -> !s.hasEstablishedLeader(), LIMIT);
            sim.runUntil(Simulation::hasEstablishedLeader, QUICK);
        }
        sim.runUntil(Simulation::isServing, LIMIT);
        end(sim);
    }

    /** A server without peers serves on meanwhile. */
    @Test
    void aSingleServerDoesNotStop() {
        Simulation sim = ensemble(1);
        sim.alone = true;
        sim.server(1).zxidsPerEpoch = 0xffff_ffffL;
        sim.server(1).disk.base = endOfEpoch();
        sim.start();
        sim.runUntil(
                s -> {
                    assertThat(s.server(1).isLeading()).isTrue();
                    return Zxid.epoch(s.server(1).replica().committed().lastZxid()) == 2;
                },
                LIMIT);
        sim.run(Simulation.SECOND);
        sim.server(1).crash();
        sim.server(1).boot();
        end(sim);
    }

    private static Database endOfEpoch() {
        Txn.Error nothing = new Txn.Error(0);
        TxnHeader header = new TxnHeader(0, 0, Zxid.of(1, 0xffff_ffc0L), 0, nothing.type());
        return Database.empty().apply(header, nothing).after();
    }

    /** Epochs of few zxids amid faults and clients; one server may know no hand-over. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingAcknowledgedIsLostWhileEpochsEnd(long seed) {
        ran++;
        Shrinker.run(() -> new Ordeal(RollOverTest.class, seed, random -> {
            random.clientsGoAway = false; // who is away uses up no zxids
            random.network.apacheAlike.clear(); // elections without end would let no session end
            for (SimServer server : random.servers) if (server.sid != PATIENT) server.zxidsPerEpoch = FEWER;
            if (seed % 3 == 1) HandOverTest.likeApache(random, List.of(1 + seed % 2 * 2));
            random.at(10 * Simulation.SECOND, () -> {
                if (random.hasEstablishedLeader()) usedUpOfAllSeeds += usedUp(random);
            });
        }));
    }
}
