package dev.paddock.node.auth;

import static dev.paddock.node.auth.Transcript.acl;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.server.Node;
import dev.paddock.testing.FreePorts;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each script of a client runs against Apache ZooKeeper and against this server, both with the same settings: it sees the same. */
class AuthAgainstApacheTest {
    private static final String PROVIDERS = "org.apache.zookeeper.server.auth.";
    private static final String JAAS = """
            Server {
              org.apache.zookeeper.server.auth.DigestLoginModule required
              user_super="adminsecret" user_bob="bobsecret" user_amy="amysecret";
            };
            """;

    @TempDir
    private Path folder;

    /** Somebody who opens connections and does something. */
    interface Script {
        void run(Clients clients) throws IOException;
    }

    /** Opens connections to one server. */
    record Clients(int port, List<String> lines) {
        Transcript open() throws IOException {
            return new Transcript(new Socket(InetAddress.getLoopbackAddress(), port), lines);
        }
    }

    /** Settings and what is tried with them. */
    record Scene(String name, boolean hasSasl, List<String> settings, Script script) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Scene> scenes() {
        List<String> all = List.of(
                "authProvider.1=" + PROVIDERS + "SASLAuthenticationProvider",
                "authProvider.x=" + PROVIDERS + "X509AuthenticationProvider",
                "authProvider.3=" + PROVIDERS + "EnsembleAuthenticationProvider",
                "ensembleAuthName=one,two",
                "superUser.1=bob",
                "letAnySaslUserDoX=whoever",
                "DigestAuthenticationProvider.superDigest=root:qScoE+LkbrbWBh/au3OD5Aq2Yx0=");
        String sasl = all.getFirst();
        return Stream.of(
                new Scene("nothing set", false, List.of(), clients -> {
                    packets(clients);
                    validity(clients);
                    proofs(clients);
                    exchanges(clients);
                }),
                new Scene("all schemes", true, all, clients -> {
                    packets(clients);
                    validity(clients);
                    proofs(clients);
                    exchanges(clients);
                    rights(clients);
                }),
                new Scene("SASL without its scheme", true, List.of(), AuthAgainstApacheTest::exchanges),
                new Scene(
                        "no ACLs, no digest",
                        false,
                        List.of("skipACL=yes", "DigestAuthenticationProvider.enabled=false"),
                        clients -> {
                            packets(clients);
                            validity(clients);
                            rights(clients);
                        }),
                new Scene(
                        "another hash",
                        false,
                        List.of("DigestAuthenticationProvider.digestAlg=SHA3-256"),
                        AuthAgainstApacheTest::proofs),
                new Scene(
                        "proof required",
                        true,
                        List.of(sasl, "enforce.auth.enabled=true", "enforce.auth.schemes=digest, sasl"),
                        AuthAgainstApacheTest::required),
                new Scene(
                        "address required",
                        false,
                        List.of("enforce.auth.enabled=true", "enforce.auth.schemes=ip"),
                        AuthAgainstApacheTest::required),
                new Scene(
                        "SASL required",
                        true,
                        List.of(sasl, "sessionRequireClientSASLAuth=true", "allowSaslFailedClients=true"),
                        AuthAgainstApacheTest::required),
                new Scene("failed SASL may stay", true, List.of("allowSaslFailedClients=true"), clients -> {
                    exchanges(clients);
                    required(clients);
                }));
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void clientsSeeTheSame(Scene scene) throws Exception {
        Path jaas = Files.writeString(folder.resolve("jaas.conf"), JAAS);
        List<String> theirs = Transcript.lines();
        int port = FreePorts.one();
        List<String> options = scene.hasSasl() ? List.of("-Djava.security.auth.login.config=" + jaas) : List.of();
        try (var _ = new ApacheProcess(zooCfg("apache", port, scene.settings()), port, options)) {
            scene.script().run(new Clients(port, theirs));
        }
        var settings = new ArrayList<>(scene.settings());
        if (scene.hasSasl()) settings.add("java.security.auth.login.config=" + jaas);
        List<String> ours = Transcript.lines();
        int own = FreePorts.one();
        try (var node = Node.start(NodeConfig.read(zooCfg("paddock", own, settings)), e -> {
            throw new AssertionError(e);
        })) {
            await().until(() -> node.state().equals("standalone"));
            scene.script().run(new Clients(own, ours));
        }
        assertThat(theirs).contains("session");
        assertThat(String.join("\n", ours)).isEqualTo(String.join("\n", theirs));
    }

    private Path zooCfg(String name, int port, List<String> settings) throws IOException {
        Path of = Files.createDirectories(folder.resolve(name));
        var lines = new ArrayList<>(List.of(
                "dataDir=" + of,
                "clientPort=" + port,
                "clientPortAddress=127.0.0.1",
                "maxClientCnxns=0",
                "preAllocSize=64",
                "admin.enableServer=false"));
        lines.addAll(settings);
        return Files.write(of.resolve("zoo.cfg"), lines);
    }

    /** What every scheme answers to every token. */
    private static void packets(Clients clients) throws IOException {
        for (String scheme : List.of(
                "digest", "ip", "world", "auth", "sasl", "x509", "super", "ensemble", "key", "", "nosuch", "DIGEST")) {
            for (String token : Arrays.asList(null, "", "abc", "one", " two")) {
                try (Transcript client = clients.open()) {
                    client.auth(scheme, token).ask(new Request.WhoAmI());
                }
            }
        }
        try (Transcript client = clients.open()) {
            client.raw(-4, OpCode.AUTH, new byte[4]);
        }
        try (Transcript client = clients.open()) {
            byte[] noScheme = {0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1};
            client.raw(-4, OpCode.AUTH, noScheme).ask(new Request.WhoAmI());
        }
        try (Transcript client = clients.open()) {
            byte[] more = {0, 0, 0, 0, 0, 0, 0, 2, 'i', 'p', -1, -1, -1, -1, 7, 7, 7};
            client.raw(9, OpCode.AUTH, more).ask(new Request.WhoAmI());
        }
    }

    /** Which ids an ACL may have. */
    private static void validity(Clients clients) throws IOException {
        List<String> ids = List.of(
                "anyone",
                "",
                "bob",
                "a:b",
                "a:b:",
                "a:b::",
                ":b",
                "::b",
                "a:",
                ":",
                "a:b:c",
                "1.2.3.4",
                "1.2.3.4/",
                "1.2.3.4/0",
                "1.2.3.4/32",
                "1.2.3.4/33",
                "1.2.3/8",
                "+1.2.3.4",
                "-0.2.3.4",
                "::1",
                "::1/128",
                "::1/129",
                "::",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "1::2::3",
                ":::",
                "-1::",
                "-fff::1",
                "1::12345",
                "::g",
                "fe80::1%eth0",
                "::ffff:1.2.3.4",
                "bob@R",
                "bob/h@R",
                "bob/h",
                "bob@",
                "@",
                "bob@a@b",
                "bob@a/b",
                "a/b/c@R",
                "/",
                "super",
                "CN=bob",
                "CN=",
                "CN=a,O=b",
                "cn=a",
                "1.2.3=x",
                "CN=a=b",
                "=x",
                "CN=a,",
                "X=y",
                "CN=a+O=b",
                "CN=\\");
        try (Transcript client = clients.open()) {
            int made = 0;
            for (String scheme : List.of(
                    "world", "auth", "digest", "ip", "sasl", "x509", "super", "ensemble", "key", "", "nosuch")) {
                for (String id : ids) client.create("/valid" + made++, acl(Perms.ALL, scheme, id));
            }
            client.create("/none");
            client.create("/both", acl(31, "world", "anyone"), acl(31, "nosuch", "x"));
            client.create("/same", acl(31, "world", "anyone"), acl(31, "world", "anyone"), acl(0, "ip", "::1"))
                    .getAcl("/same");
        }
    }

    /** What becomes of what clients have proved. */
    private static void proofs(Clients clients) throws IOException {
        try (Transcript client = clients.open()) {
            client.auth("digest", "bob:secret").auth("digest", "bob:secret").auth("ip", null);
            for (String token : List.of("amy:x", "nocolon", "", ":x", "a:b:c", "q:\u00e4\u20ac", "root:pw")) {
                client.auth("digest", token);
            }
            client.ask(new Request.WhoAmI());
            client.create("/proofs", acl(Perms.READ, "auth", "whatever"), acl(31, "ip", "127.0.0.0/8"))
                    .getAcl("/proofs");
            client.create("/twice", acl(31, "auth", ""), acl(31, "digest", "bob:fyVmFCwVbTJYrznoSu1koqYEYF0="))
                    .getAcl("/twice");
            client.create("/masked", acl(31, "digest", "amy:x"), acl(1, "ip", "127.0.0.1"), acl(16, "digest", "q:r:"));
        }
        try (Transcript client = clients.open()) {
            client.getAcl("/proofs").getAcl("/twice").getAcl("/masked").canRead("/twice");
            client.ask(new Request.Delete("/twice", -1));
            client.auth("digest", "bob:wrong").canRead("/twice");
            client.auth("digest", "bob:secret").canRead("/twice").getAcl("/twice");
        }
    }

    /** SASL, well done and badly. */
    private static void exchanges(Clients clients) throws IOException {
        List<String[]> logins = List.of(
                new String[] {"bob", "bobsecret", null},
                new String[] {"amy", "amysecret", null},
                new String[] {"amy", "amysecret", "super"},
                new String[] {"super", "adminsecret", null},
                new String[] {"bob", "wrong", null},
                new String[] {"eve", "wrong", null});
        for (String[] login : logins) {
            try (Transcript client = clients.open()) {
                client.login(login[0], login[1], login[2]).ask(new Request.WhoAmI());
                client.create("/sasl-" + login[0], acl(31, "auth", "")).getAcl("/sasl-" + login[0]);
                client.sasl(new byte[0]);
                client.ask(new Request.WhoAmI());
            }
        }
        for (byte[] second : Arrays.asList(null, new byte[0], "garbage".getBytes(UTF_8))) {
            try (Transcript client = clients.open()) {
                client.sasl("garbage".getBytes(UTF_8));
                client.sasl(second);
                client.ask(new Request.WhoAmI());
            }
        }
        for (byte[] body : List.of(new byte[0], new byte[1], new byte[] {-1, -1, -1, -2}, new byte[] {0, 0, 9, 9})) {
            try (Transcript client = clients.open()) {
                client.raw(5, OpCode.SASL, body);
            }
        }
        try (Transcript client = clients.open()) {
            client.raw(-77, OpCode.SASL, new byte[4]).ask(new Request.WhoAmI());
        }
    }

    /** Who may do what. */
    private static void rights(Clients clients) throws IOException {
        List<String> paths = List.of("/p1", "/p2", "/p3", "/p4", "/p5", "/p6");
        try (Transcript client = clients.open()) {
            client.create("/p1", acl(31, "sasl", "amy"))
                    .create("/p2", acl(31, "sasl", "whoever"))
                    .create("/p3", acl(31, "sasl", "bob"))
                    .create("/p4", acl(31, "x509", "CN=x"))
                    .create("/p5", acl(31, "digest", "bob:fyVmFCwVbTJYrznoSu1koqYEYF0="))
                    .create("/p6", acl(31, "ip", "10.0.0.0/8"));
            for (String path : paths) client.canRead(path).getAcl(path);
        }
        for (String user : List.of("bob", "amy", "super")) {
            try (Transcript client = clients.open()) {
                client.login(user, (user.equals("super") ? "admin" : user) + "secret", null);
                for (String path : paths) client.canRead(path);
            }
        }
        for (String token : List.of("root:pw", "root:wrong", "bob:secret")) {
            try (Transcript client = clients.open()) {
                client.auth("digest", token);
                for (String path : paths) client.canRead(path).getAcl(path);
                client.ask(new Request.WhoAmI());
                client.create("/by-" + token.substring(0, 6), acl(31, "auth", ""));
            }
        }
    }

    /** What clients get that have not proved themselves, and those that have. */
    private static void required(Clients clients) throws IOException {
        for (Request first : List.of(
                new Request.WhoAmI(),
                new Request.Ping(),
                new Request.Create("/a", new byte[0], dev.paddock.wire.Acl.OPEN_UNSAFE, 0),
                new Request.CloseSession(),
                new Request.GetData("/nothing", false))) {
            try (Transcript client = clients.open()) {
                client.ask(first).ask(new Request.Ping());
            }
        }
        try (Transcript client = clients.open()) {
            client.raw(3, 999);
        }
        try (Transcript client = clients.open()) {
            client.auth("ip", null).auth("digest", "bob:secret").ask(new Request.WhoAmI());
        }
        try (Transcript client = clients.open()) {
            client.login("bob", "bobsecret", null).ask(new Request.WhoAmI());
        }
        try (Transcript client = clients.open()) {
            client.login("bob", "wrong", null).ask(new Request.WhoAmI());
        }
    }
}
