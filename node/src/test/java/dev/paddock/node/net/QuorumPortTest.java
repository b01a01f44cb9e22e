package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.testing.FreePorts;
import dev.paddock.wire.Id;
import dev.paddock.wire.LearnerInfo;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Writer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class QuorumPortTest {
    private static final byte[] INTRODUCTION = new LearnerInfo(1, LearnerInfo.PROTOCOL_VERSION, 0).toBytes();

    @Test
    void packetsGoBothWaysInOrder() throws Exception {
        try (var learner = new CoreLoop(1);
                var leader = new CoreLoop(2)) {
            long toLeader = link(learner, leader);
            long toLearner = leader.inputs(Input.LearnerLinked.class).getFirst().link();
            for (long zxid = 1; zxid <= 2000; zxid++) {
                byte[] data = zxid % 500 == 0 ? new byte[300_000] : new byte[(int) zxid % 50];
                leader.carryOut(new Effect.Send(toLearner, new QuorumPacket(QuorumPacket.PROPOSAL, zxid, data)));
                learner.carryOut(new Effect.Send(toLeader, new QuorumPacket(QuorumPacket.ACK, zxid)));
            }
            await().until(() ->
                    received(learner).size() == 2000 && received(leader).size() == 2001);
            assertThat(received(learner)).extracting(QuorumPacket::zxid).containsExactlyElementsOf(upTo(2000));
            assertThat(received(leader).subList(1, 2001))
                    .extracting(QuorumPacket::zxid)
                    .containsExactlyElementsOf(upTo(2000));
            assertThat(received(learner).get(499).data()).hasSize(300_000);
        }
    }

    @Test
    void idsOfAForwardedRequestArrive() throws Exception {
        try (var learner = new CoreLoop(1);
                var leader = new CoreLoop(2)) {
            long toLeader = link(learner, leader);
            var request = new QuorumPacket(
                    QuorumPacket.REQUEST,
                    -1,
                    new byte[] {1},
                    List.of(new Id("ip", "127.0.0.1"), new Id("digest", "käfig")));
            learner.carryOut(new Effect.Send(toLeader, request));
            await().until(() -> received(leader).size() == 2);
            assertThat(received(leader).get(1)).isEqualTo(request);
        }
    }

    @Test
    void aSnapshotArrivesAndWhatWasSentAfterItComesAfterIt() throws Exception {
        Database database = Trees.of(20_000, 500);
        Database small = Trees.of(10, 10);
        try (var learner = new CoreLoop(1);
                var leader = new CoreLoop(2)) {
            link(learner, leader);
            long toLearner = leader.inputs(Input.LearnerLinked.class).getFirst().link();
            var before = new QuorumPacket(QuorumPacket.PING, 1);
            var after = new QuorumPacket(QuorumPacket.NEWLEADER, 1L << 32, new byte[100_000]);
            leader.carryOut(new Effect.Send(toLearner, before));
            leader.carryOut(new Effect.SendSnapshot(toLearner, database));
            leader.carryOut(new Effect.Send(toLearner, after));
            leader.carryOut(new Effect.SendSnapshot(toLearner, small));
            leader.carryOut(new Effect.Send(toLearner, before));
            await().until(() -> received(learner).size() == 5);
            List<Input> all = learner.inputs.stream()
                    .skip(1)
                    .filter(input -> !(input instanceof Input.Progress)) // told of now and then, while it lasts
                    .toList();
            assertThat(all).hasSize(7);
            var arrived = (Input.ReceivedSnapshot) all.get(2);
            assertThat(arrived.database().difference(database)).isNull();
            assertThat(all.get(3)).isEqualTo(new Input.Received(arrived.link(), after));
            assertThat(((Input.ReceivedSnapshot) all.get(5)).database().difference(small))
                    .isNull();
        }
    }

    @Test
    void bothSidesHearOfTheEnd() throws Exception {
        try (var learner = new CoreLoop(1);
                var leader = new CoreLoop(2)) {
            long toLeader = link(learner, leader);
            long toLearner = leader.inputs(Input.LearnerLinked.class).getFirst().link();
            leader.carryOut(new Effect.Unlink(toLearner));
            await().until(() -> learner.inputs.contains(new Input.Unlinked(toLeader))
                    && leader.inputs.contains(new Input.Unlinked(toLearner)));
            learner.carryOut(
                    new Effect.Send(toLeader, new QuorumPacket(QuorumPacket.ACK, 1))); // goes nowhere, harms nobody
            learner.carryOut(new Effect.Dial(2));
            await().until(() -> learner.inputs(Input.LeaderLinked.class).size() == 2);
            assertThat(learner.inputs(Input.LeaderLinked.class).get(1).link()).isNotEqualTo(toLeader);
        }
    }

    /** Such as who leads next. */
    @Test
    void whatIsSaidBeforeTheEndArrives() throws Exception {
        try (var learner = new CoreLoop(1);
                var leader = new CoreLoop(2)) {
            long toLeader = link(learner, leader);
            long toLearner = leader.inputs(Input.LearnerLinked.class).getFirst().link();
            var last = new QuorumPacket(QuorumPacket.PING, 7, new byte[Long.BYTES]);
            leader.carryOut(new Effect.Send(toLearner, last), new Effect.Unlink(toLearner));
            await().until(() -> learner.inputs.contains(new Input.Unlinked(toLeader)));
            assertThat(received(learner)).containsExactly(last);
        }
    }

    @Test
    void aLeaderThatIsNotThereIsUnreachable() throws Exception {
        try (var learner = new CoreLoop(1)) {
            learner.reaches(CoreLoop.members(learner.spec(), CoreLoop.spec(2, 1, 1)));
            learner.carryOut(new Effect.Dial(2));
            learner.carryOut(new Effect.Dial(99));
            await().until(() -> learner.inputs.containsAll(
                    List.of(new Input.LeaderUnreachable(2), new Input.LeaderUnreachable(99))));
        }
    }

    /** Where learners come in. */
    enum Door {
        OF_LEADER(Input.LearnerLinked.class),
        OF_OBSERVER_MASTER(Input.ObserverLinked.class);

        private final Class<? extends Input> linked;
        private final int masterPort = FreePorts.one();

        Door(Class<? extends Input> linked) {
            this.linked = linked;
        }

        /** Server 2, which listens there among these besides. */
        CoreLoop opened(boolean admitsJoiners, ServerSpec... others) throws IOException {
            CoreLoop server = CoreLoop.withMaster(2, masterPort, admitsJoiners);
            SortedMap<Long, ServerSpec> members = CoreLoop.members(others);
            members.put(server.sid, server.spec());
            server.reaches(members);
            server.carryOut(new Effect.ListenForObservers(true));
            await().until(() -> !FreePorts.isFree(masterPort));
            return server;
        }

        InetSocketAddress address(CoreLoop of) {
            return this == OF_LEADER ? of.links.quorumAddress() : CoreLoop.loopback(masterPort);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlySoManyServersThatAreNoMembersMayFollow(Door door) throws Exception {
        try (var leader = door.opened(true)) {
            List<Socket> joiners = new ArrayList<>();
            try {
                for (int sid = 100; sid < 132; sid++) {
                    joiners.add(introduced(door.address(leader), sid));
                    int count = joiners.size();
                    await().until(() -> leader.inputs(door.linked).size() == count);
                }
                for (long sid : new long[] {132, -1, 2}) {
                    try (Socket refused = introduced(door.address(leader), sid)) {
                        assertThat(refused.getInputStream().read())
                                .as("sid %d", sid)
                                .isEqualTo(-1);
                    }
                }
                joiners.removeFirst().close();
                await().until(() -> leader.inputs(Input.Unlinked.class).size() == 1);
                joiners.add(introduced(door.address(leader), 132));
                await().until(() -> leader.inputs(door.linked).size() == 33);
            } finally {
                for (Socket joiner : joiners) joiner.close();
            }
        }
    }

    /** M35, ZOOKEEPER-2201: it takes the beginning of a snapshot, and then not a byte more. */
    @Test
    void aLearnerThatStopsReadingHoldsUpNobodyAndTakesLittleMemory() throws Exception {
        Database database = Trees.of(60_000, 1_000); // more than the kernel takes on its own
        try (var learner = new CoreLoop(1);
                var leader = new CoreLoop(2, 0, 0, true)) {
            link(learner, leader);
            long other = leader.inputs(Input.LearnerLinked.class).getFirst().link();
            try (Socket stuck = introduced(leader.links.quorumAddress(), 100)) {
                await().until(() -> leader.inputs(Input.LearnerLinked.class).size() == 2);
                long link = leader.inputs(Input.LearnerLinked.class).get(1).link();
                leader.carryOut(new Effect.SendSnapshot(link, database));
                assertThat(stuck.getInputStream().readNBytes(1_000)).hasSize(1_000);
                var proposal = new QuorumPacket(QuorumPacket.PROPOSAL, 1, new byte[100_000]);
                for (int sent = 1; sent <= 100; sent++) {
                    leader.carryOut(new Effect.Send(link, proposal));
                    leader.carryOut(new Effect.Send(other, proposal));
                    int count = sent;
                    await().until(() -> received(learner).size() == count);
                }
                LinkStats stats = leader.stats(link).orElseThrow();
                assertThat(stats.queuedPackets()).isEqualTo(100);
                assertThat(stats.queuedBytes()).isBetween(10_000_000L, 12_000_000L); // the proposals, and a piece
                for (int i = 0; i < 600; i++) leader.carryOut(new Effect.Send(link, proposal));
                await().until(() -> leader.inputs.contains(new Input.Unlinked(link)));
            }
        }
    }

    private static Socket introduced(InetSocketAddress address, long sid) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(16_384); // small, so that what is not read soon fills it
        socket.connect(address);
        socket.setSoTimeout(10_000);
        var w = new Writer(64);
        new QuorumPacket(QuorumPacket.FOLLOWERINFO, 0, new LearnerInfo(sid, 0x10000, 0).toBytes()).write(w);
        socket.getOutputStream().write(w.toByteArray());
        return socket;
    }

    @ParameterizedTest
    @EnumSource
    void strangersAreRefusedBeforeTheCoreHearsOfThem(Door door) throws Exception {
        try (var leader = door.opened(false, CoreLoop.spec(1, 1, 1))) {
            List<QuorumPacket> strange = new ArrayList<>();
            strange.add(new QuorumPacket(QuorumPacket.ACK, 1));
            strange.add(new QuorumPacket(QuorumPacket.FOLLOWERINFO, 0));
            strange.add(new QuorumPacket(QuorumPacket.FOLLOWERINFO, 0, new byte[3]));
            strange.add(new QuorumPacket(QuorumPacket.FOLLOWERINFO, 0, new byte[100_000]));
            for (long sid : new long[] {2, 3, -1, Long.MAX_VALUE}) {
                strange.add(new QuorumPacket(QuorumPacket.FOLLOWERINFO, 0, new LearnerInfo(sid, 0x10000, 0).toBytes()));
            }
            for (QuorumPacket packet : strange) {
                var address = door.address(leader);
                try (var socket = new Socket(address.getAddress(), address.getPort())) {
                    socket.setSoTimeout(10_000);
                    var w = new Writer(64);
                    packet.write(w);
                    socket.getOutputStream().write(w.toByteArray());
                    assertThat(socket.getInputStream().read())
                            .as(packet.toString())
                            .isEqualTo(-1);
                } catch (SocketException reset) {
                    assertThat(reset).hasMessageContaining("reset");
                }
            }
            assertThat(leader.inputs).isEmpty();
        }
    }

    /** Links the learner to the leader, and gives the learner's number of the link. */
    private static long link(CoreLoop learner, CoreLoop leader) {
        ElectionPortTest.introduce(learner, leader);
        learner.carryOut(new Effect.Dial(leader.sid));
        await().until(() -> !learner.inputs.isEmpty());
        long link = learner.inputs(Input.LeaderLinked.class).getFirst().link();
        learner.carryOut(new Effect.Send(link, new QuorumPacket(QuorumPacket.FOLLOWERINFO, 0, INTRODUCTION)));
        await().until(() -> !received(leader).isEmpty());
        return link;
    }

    private static List<QuorumPacket> received(CoreLoop at) {
        return at.inputs(Input.Received.class).stream()
                .map(Input.Received::packet)
                .toList();
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }
}
