package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.testing.FreePorts;
import dev.paddock.wire.AckEpoch;
import dev.paddock.wire.ForwardedRequest;
import dev.paddock.wire.LearnerInfo;
import dev.paddock.wire.Notification;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.apache.zookeeper.util.ServiceUtils;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An Apache ZooKeeper server elects itself with our vote, and leads us through a snapshot to a first commit. */
final class ApacheLeaderTest {
    private static final long APACHE = 2;

    @TempDir
    private Path folder;

    private final QuorumPeerMain apache = new QuorumPeerMain();

    @BeforeEach
    void configure() {
        System.setProperty("zookeeper.admin.enableServer", "false");
        System.setProperty("zookeeper.forceSnapshotSync", "true");
        ServiceUtils.setSystemExitProcedure(ServiceUtils.LOG_ONLY); // not this JVM
    }

    @AfterEach
    void stop() {
        apache.close();
        System.clearProperty("zookeeper.forceSnapshotSync");
    }

    /** With the smaller sid it is dialled back by Apache's server, with the larger one it dials. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3})
    void leadsUs(long sid) throws Exception {
        try (var core = new CoreLoop(sid)) {
            start(core);
            elect(core);
            long link = link(core);
            send(
                    core,
                    link,
                    QuorumPacket.FOLLOWERINFO,
                    0,
                    new LearnerInfo(sid, LearnerInfo.PROTOCOL_VERSION, 0).toBytes());
            QuorumPacket leaderInfo = received(core, QuorumPacket.LEADERINFO);
            send(core, link, QuorumPacket.ACKEPOCH, 0, new AckEpoch(0).toBytes());

            QuorumPacket newLeader = received(core, QuorumPacket.NEWLEADER);
            assertThat(newLeader.zxid()).isEqualTo(leaderInfo.zxid());
            assertThat(core.inputs(Input.ReceivedSnapshot.class)).hasSize(1);
            assertThat(core.inputs(Input.ReceivedSnapshot.class)
                            .getFirst()
                            .database()
                            .find("/zookeeper/config"))
                    .isNotNull();
            send(core, link, QuorumPacket.ACK, newLeader.zxid(), null);
            received(core, QuorumPacket.UPTODATE);

            byte[] timeout = {0, 0, 16, 0};
            byte[] request = new ForwardedRequest(77, 0, OpCode.CREATE_SESSION, timeout).toBytes();
            core.carryOut(new Effect.Send(link, new QuorumPacket(QuorumPacket.REQUEST, -1, request, List.of())));
            QuorumPacket proposal = received(core, QuorumPacket.PROPOSAL);
            TxnRecord record = TxnRecord.parse(proposal.data());
            assertThat(record.txn()).isEqualTo(new Txn.CreateSession(4096));
            assertThat(record.header().sessionId()).isEqualTo(77);
            send(core, link, QuorumPacket.ACK, proposal.zxid(), null);
            assertThat(received(core, QuorumPacket.COMMIT).zxid()).isEqualTo(proposal.zxid());
        }
    }

    private void start(CoreLoop core) throws Exception {
        String own = "server." + APACHE + "=127.0.0.1:" + FreePorts.one() + ":" + FreePorts.one()
                + ":participant;127.0.0.1:" + FreePorts.one();
        String ours = "server." + core.sid + "=" + core.spec().toLine() + ";127.0.0.1:1";
        Files.writeString(folder.resolve("myid"), APACHE + "\n");
        Path file = Files.writeString(
                folder.resolve("zoo.cfg"),
                "dataDir=" + folder + "\ntickTime=1000\ninitLimit=30\nsyncLimit=30\n" + own + "\n" + ours + "\n");
        var config = new QuorumPeerConfig();
        config.parse(file.toString());
        Thread.ofPlatform().daemon().start(() -> {
            try {
                apache.runFromConfig(config);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        var spec = ServerSpec.parse(APACHE, own.substring(own.indexOf('=') + 1));
        core.reaches(CoreLoop.members(core.spec(), spec));
    }

    /** Votes as Apache does, until it leads. */
    private static void elect(CoreLoop core) {
        core.carryOut(new Effect.Notify(
                APACHE, new Notification(Notification.LOOKING, APACHE, 0, 0, 0, Notification.VERSION, "version=0")));
        // Votes that come within 200 ms of each other never let Apache's server settle.
        patiently().pollInterval(Duration.ofMillis(700)).until(() -> {
            List<Input.Heard> heard = core.inputs(Input.Heard.class);
            if (heard.isEmpty()) return false;
            Notification n = heard.getLast().notification();
            core.carryOut(new Effect.Notify(
                    APACHE,
                    new Notification(
                            Notification.LOOKING,
                            n.leader(),
                            n.zxid(),
                            n.electionEpoch(),
                            n.peerEpoch(),
                            2,
                            n.config())));
            return n.state() == Notification.LEADING;
        });
    }

    private static long link(CoreLoop core) {
        patiently().pollInterval(Duration.ofMillis(200)).until(() -> {
            if (core.inputs(Input.LeaderLinked.class).isEmpty()) core.carryOut(new Effect.Dial(APACHE));
            return !core.inputs(Input.LeaderLinked.class).isEmpty();
        });
        return core.inputs(Input.LeaderLinked.class).getFirst().link();
    }

    private static void send(CoreLoop core, long link, int type, long zxid, byte[] data) {
        core.carryOut(new Effect.Send(link, new QuorumPacket(type, zxid, data)));
    }

    private static QuorumPacket received(CoreLoop core, int type) {
        return patiently()
                .until(
                        () -> core.inputs(Input.Received.class).stream()
                                .map(Input.Received::packet)
                                .filter(packet -> packet.type() == type)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(40));
    }
}
