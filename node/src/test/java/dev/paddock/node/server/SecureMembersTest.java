package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.auth.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that speak TLS with each other. */
class SecureMembersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MEMBERS = 3;

    @TempDir
    private static Path keys;

    private static Certificates authority;
    private static Certificates stranger;
    private static final List<Path> stores = new ArrayList<>(); // by sid from 1 on
    private static Path strangers;

    @TempDir
    private Path folder;

    private LocalEnsemble ensemble;
    private Process apache;
    private int written;

    /** Apache's servers look for the address that a link comes from, which is the first of this machine. */
    @BeforeAll
    static void certificates() throws Exception {
        authority = new Certificates(keys, "authority");
        stranger = new Certificates(keys, "stranger");
        for (long sid = 1; sid <= MEMBERS; sid++) {
            stores.add(
                    authority.signed("server" + sid, "CN=s" + sid, "-ext", "san=ip:127.0.0." + sid + ",ip:127.0.0.1"));
        }
        strangers = stranger.signed("strange", "CN=s3", "-ext", "san=ip:127.0.0.3,ip:127.0.0.1");
    }

    @BeforeEach
    void make() throws IOException {
        ensemble = new LocalEnsemble(folder, MEMBERS, "4lw.commands.whitelist=*").onOwnHosts();
    }

    @AfterEach
    void close() throws InterruptedException {
        ensemble.close();
        if (apache != null) apache.destroyForcibly().waitFor();
    }

    private static String[] lines(Path store, String... more) {
        var lines = new ArrayList<>(List.of(
                "ssl.quorum.keyStore.location=" + store,
                "ssl.quorum.keyStore.password=" + Certificates.PASSWORD,
                "ssl.quorum.trustStore.location=" + authority.trust(),
                "ssl.quorum.trustStore.password=" + Certificates.PASSWORD));
        lines.addAll(List.of(more));
        return lines.toArray(String[]::new);
    }

    private void speaks(long sid, String... more) throws IOException {
        ensemble.setting(sid, lines(stores.get((int) sid - 1), more));
    }

    private void write(long sid) throws Exception {
        ZooKeeper client = DamagedServerTest.client(ensemble.connectString(sid));
        client.create("/w" + written++, new byte[100], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.close();
    }

    private void allIsAt(long sid) throws Exception {
        ZooKeeper client = DamagedServerTest.client(ensemble.connectString(sid));
        client.sync("/", (rc, path, context) -> {}, null);
        assertThat(client.getChildren("/", false)).hasSize(written + 1);
        client.close();
    }

    private void awaitMode(long sid, String modes) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> Words.ask(ensemble.clientPort(sid), "srvr").matches("(?s).*Mode: (" + modes + ")\n.*"));
    }

    /** Whether a server hangs up when somebody comes in without TLS and says hello. */
    private boolean refusesPlain(long sid) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0." + sid), ensemble.electionPort(sid))) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(new byte[] {-1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 77});
            return socket.getInputStream().read() != 0;
        }
    }

    @Test
    void electFollowAndServe() throws Exception {
        for (long sid = 1; sid <= MEMBERS; sid++) speaks(sid, "sslQuorum=true");
        ensemble.startAll();
        ensemble.awaitServing();
        for (long sid = 1; sid <= MEMBERS; sid++) assertThat(refusesPlain(sid)).isTrue();
        write(1);
        long leader = ensemble.leader();
        ensemble.stop(leader);
        ensemble.awaitServing();
        write(leader == 1 ? 2 : 1);
        ensemble.start(leader);
        ensemble.awaitServing();
        for (long sid = 1; sid <= MEMBERS; sid++) allIsAt(sid);
    }

    /** It has an id, an address and a key of somebody. */
    @ParameterizedTest
    @ValueSource(strings = {"of another authority", "of another member", "none"})
    void whoHasNotTheKeyOfAMemberIsNoMember(String key) throws Exception {
        for (long sid = 1; sid <= MEMBERS; sid++) speaks(sid, "sslQuorum=true");
        ensemble.start(1);
        ensemble.start(2);
        ensemble.awaitServing();
        switch (key) {
            case "of another authority" -> ensemble.setting(3, lines(strangers, "sslQuorum=true"));
            case "of another member" -> ensemble.setting(3, lines(stores.get(1), "sslQuorum=true"));
            default -> ensemble.setting(3);
        }
        ensemble.start(3);
        write(1);
        await().during(Duration.ofSeconds(3))
                .atMost(PATIENCE)
                .until(() -> ensemble.state(3).equals("leaderelection"));
        ensemble.stop(3);
        speaks(3, "sslQuorum=true");
        ensemble.start(3);
        ensemble.awaitServing();
        allIsAt(3);
    }

    /** One server after the other, three times, as docs/security.md says. */
    @Test
    void aRunningEnsembleChangesOverWithoutAStop() throws Exception {
        ensemble.startAll();
        ensemble.awaitServing();
        for (String[] step :
                new String[][] {{"portUnification=true"}, {"portUnification=true", "sslQuorum=true"}, {"sslQuorum=true"}
                }) {
            for (long sid = 1; sid <= MEMBERS; sid++) {
                speaks(sid, step);
                ensemble.stop(sid);
                ensemble.awaitServing();
                write(sid % MEMBERS + 1);
                ensemble.start(sid);
                ensemble.awaitServing();
            }
        }
        for (long sid = 1; sid <= MEMBERS; sid++) {
            allIsAt(sid);
            assertThat(refusesPlain(sid)).isTrue();
        }
    }

    @ParameterizedTest(name = "server {0} is Apache''s")
    @ValueSource(longs = {1, 3})
    void withApachesServers(long sid) throws Exception {
        for (long each = 1; each <= MEMBERS; each++) speaks(each, "sslQuorum=true");
        for (long each = MEMBERS; each >= 1; each--) {
            if (each == sid) apache = ApacheServers.launch(ensemble.config(each), folder.resolve("apache.log"));
            else ensemble.start(each);
            if (each == 2) awaitMode(3, "leader");
        }
        for (long each = 1; each <= MEMBERS; each++) {
            awaitMode(each, "leader|follower");
            write(each);
        }
        for (long each = 1; each <= MEMBERS; each++) allIsAt(each);
    }
}
