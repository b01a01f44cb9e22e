package dev.paddock.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.members.Address;
import dev.paddock.node.members.ServerSpec.Role;
import dev.paddock.node.session.SessionModes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeConfigTest {
    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void dataFolder() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
    }

    @Test
    void defaultsAreApaches() throws Exception {
        NodeConfig config = read("dataDir=" + data, "clientPort=2181");
        assertThat(config.storage().dataLogDir()).isEqualTo(data);
        assertThat(config.storage().snapCount()).isEqualTo(100_000);
        assertThat(config.storage().preAllocBytes()).isEqualTo(64L << 20);
        assertThat(config.storage().snapRetainCount()).isEqualTo(3);
        assertThat(config.storage().purgeIntervalHours()).isZero();
        assertThat(config.clientPort().address()).isEqualTo(new Address("0.0.0.0", 2181));
        assertThat(config.clientPort().maxClientCnxns()).isEqualTo(60);
        assertThat(config.clientPort().frameBytesMax()).isEqualTo(1_048_575);
        assertThat(config.clientPort().answers("srvr")).isTrue();
        assertThat(config.clientPort().answers("stat")).isFalse();
        assertThat(config.timing())
                .isEqualTo(new NodeConfig.Timing(
                        3000, 0, 0, 6000, 60_000, 0, 2000, new NodeConfig.Peers(2000, 0, 5000, 0, 200, 2000, 3)));
        assertThat(config.ensemble().isStandalone()).isTrue();
        assertThat(config.admin().address().port()).isEqualTo(8080);
        assertThat(config.unknownKeys()).isEmpty();
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void aCopyOfAnotherMachinesFileIsReadWithoutItsMyid() throws Exception {
        Path copy = Files.write(
                folder.resolve("copy.cfg"),
                List.of(
                        "dataDir=/not/on/this/machine",
                        "clientPort=2181",
                        "initLimit=10",
                        "syncLimit=5",
                        "server.1=a:2888:3888",
                        "server.2=b:2888:3888"));
        assertThat(NodeConfig.readCopy(copy, 2)
                        .ensemble()
                        .own()
                        .orElseThrow()
                        .quorum()
                        .host())
                .isEqualTo("b");
        assertThatThrownBy(() -> NodeConfig.readCopy(copy, 3)).hasMessageContaining("no line server.3");
        assertThatThrownBy(() -> NodeConfig.read(copy)).hasMessageContaining("myid: no such file");
    }

    @Test
    void whatACopyNamesIsLookedForBesideIt() throws Exception {
        Path copy = Files.write(
                folder.resolve("copy.cfg"),
                List.of(
                        "dataDir=/not/on/this/machine",
                        "clientPort=2181",
                        "secureClientPort=2281",
                        "ssl.keyStore.location=/not/on/this/machine/key.p12",
                        "ssl.keyStore.passwordPath=/not/on/this/machine/password",
                        "ssl.clientAuth=none",
                        "initLimit=10",
                        "syncLimit=5",
                        "java.security.auth.login.config=/not/on/this/machine/jaas.conf",
                        "dynamicConfigFile=/not/on/this/machine/zoo.cfg.dynamic.100000002"));
        assertThatThrownBy(() -> NodeConfig.readCopy(copy, 2))
                .isInstanceOf(ConfigException.NotCopied.class)
                .hasMessage(
                        copy + ":10: dynamicConfigFile: names /not/on/this/machine/zoo.cfg.dynamic.100000002 of that"
                                + " machine; copy zoo.cfg.dynamic.100000002 as well, beside " + copy);
        Files.writeString(
                folder.resolve("zoo.cfg.dynamic.100000002"), "server.1=a:2888:3888;2181\nserver.2=b:2888:3888;2181\n");
        assertThatThrownBy(() -> NodeConfig.readCopy(copy, 2))
                .isInstanceOf(ConfigException.NotCopied.class)
                .hasMessageContaining("copy jaas.conf as well");
        Files.writeString(
                folder.resolve("jaas.conf"),
                "Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_ann=\"x\"; };\n");
        NodeConfig config = NodeConfig.readCopy(copy, 2);
        assertThat(config.ensemble().version()).isEqualTo(0x100000002L);
        assertThat(config.ensemble().own().orElseThrow().quorum().host()).isEqualTo("b");
        assertThat(config.security().saslUsers().orElseThrow()).containsOnlyKeys("ann");
        assertThat(JvmFlags.judge(config, true, Map.of("zookeeper.snapCount", "100000")))
                .isEqualTo(JvmFlags.NONE);
        assertThatThrownBy(() -> NodeConfig.read(copy)).hasMessageContaining("100000002: no such file");
    }

    @Test
    void readsHowTheLogIsWritten() throws Exception {
        NodeConfig config = read(
                "dataDir=" + data,
                "clientPort=2181",
                "snapSizeLimitInKb=2048",
                "txnLogSizeLimitInKb=1024",
                "forceSync=no",
                "fsync.warningthresholdms=20",
                "commitLogCount=700",
                "diskLowKb=3",
                "diskReserveKb=0");
        assertThat(config.storage().log())
                .isEqualTo(new NodeConfig.Log(2 << 20, 1 << 20, false, 20, 700, new NodeConfig.Room(3 << 10, 0)));
        assertThat(config.warnings()).singleElement().asString().contains("forceSync", "may be lost");
        assertThat(config.unknownKeys()).isEmpty();
    }

    @Test
    void aSnapSizeLimitOfNothingOrLessIsNone() throws Exception {
        for (String none : List.of("0", "-1", "-4194304")) {
            NodeConfig config = read("dataDir=" + data, "clientPort=2181", "snapSizeLimitInKb=" + none);
            assertThat(config.storage().log().snapLogBytes()).as(none).isZero();
        }
    }

    @Test
    void readsThePatienceWithPeers() throws Exception {
        myid("1");
        NodeConfig config = read(
                "tickTime=100",
                "initLimit=10",
                "syncLimit=5",
                "dataDir=" + data,
                "clientPort=2181",
                "server.1=a:1:2",
                "server.2=b:1:2",
                "leaderSilenceMillis=1500",
                "connectToLearnerMasterLimit=7",
                "cnxTimeout=900",
                "leader.maxTimeToWaitForEpoch=1234",
                "fastleader.minNotificationInterval=50",
                "fastleader.maxNotificationInterval=60000",
                "electionPortBindRetry=0");
        assertThat(config.timing().peers()).isEqualTo(new NodeConfig.Peers(1500, 700, 900, 1234, 50, 60_000, 0));
        assertThat(config.unknownKeys()).isEmpty();
    }

    @Test
    void aLeaderServesUnlessToldNo() throws Exception {
        myid("1");
        String[] three = {"server.1=a:1:2", "server.2=b:1:2", "server.3=c:1:2"};
        assertThat(leaderServes(three, "yes").ensemble().leaderServes()).isTrue();
        assertThat(leaderServes(three, "NO").ensemble().leaderServes()).isTrue(); // as Apache
        NodeConfig no = leaderServes(three, "no");
        assertThat(no.ensemble().leaderServes()).isFalse();
        assertThat(no.unknownKeys()).isEmpty();
        assertThat(no.warnings()).isEmpty();
        String[] alone = {"server.1=a:1:2"};
        assertThat(leaderServes(alone, "no").ensemble().leaderServes()).isTrue();
        NodeConfig one = leaderServes(alone, "no", "standaloneEnabled=false");
        assertThat(one.ensemble().leaderServes()).isFalse();
        assertThat(one.warnings()).anyMatch(warning -> warning.contains("nobody takes clients"));
    }

    private NodeConfig leaderServes(String[] members, String word, String... more) throws Exception {
        List<String> lines = new ArrayList<>(List.of(members));
        lines.addAll(List.of(more));
        lines.addAll(List.of("initLimit=10", "syncLimit=5", "dataDir=" + data, "clientPort=2181"));
        lines.add("leaderServes=" + word);
        return read(lines.toArray(String[]::new));
    }

    @Test
    void readsAnEnsemble() throws Exception {
        myid("2\n");
        NodeConfig config = read(
                "tickTime=2000",
                "initLimit=10",
                "syncLimit=5",
                "dataDir=" + data,
                "clientPort=2181",
                "4lw.commands.whitelist=ruok, stat,mntr",
                "maxSessionTimeout=90000",
                "snapCount=1000",
                "server.1=a.example:2888:3888",
                "server.2=[::1]:2889:3889:participant",
                "server.3=10.0.0.3:2888:3888:observer;2181",
                "server.4=d:1:2;[fe80::1]:2182");
        assertThat(config.ensemble().self()).isEqualTo(2);
        assertThat(config.ensemble().isStandalone()).isFalse();
        assertThat(config.ensemble().servers().get(1L).quorum()).isEqualTo(new Address("a.example", 2888));
        assertThat(config.ensemble().servers().get(2L).election()).isEqualTo(new Address("0:0:0:0:0:0:0:1", 3889));
        assertThat(config.ensemble().servers().get(3L).role()).isEqualTo(Role.OBSERVER);
        assertThat(config.ensemble().servers().get(3L).client()).contains(new Address("0.0.0.0", 2181));
        assertThat(config.ensemble().servers().get(4L).toLine())
                .isEqualTo("d:1:2:participant;[fe80:0:0:0:0:0:0:1]:2182");
        assertThat(config.timing().maxSessionTimeoutMillis()).isEqualTo(90_000);
        assertThat(config.clientPort().fourLetterWords()).containsExactly("ruok", "stat", "mntr", "srvr");
    }

    @Test
    void clientsOfAReadOnlyServerMayAskForABetterOne() throws Exception {
        NodeConfig config = read("dataDir=" + data, "clientPort=2181", "readonlymode.enabled=true");
        assertThat(config.clientPort().fourLetterWords()).containsExactly("srvr", "isro");
        NodeConfig other = read("dataDir=" + data, "clientPort=2181");
        assertThat(other.clientPort().answers("isro")).isFalse();
    }

    @Test
    void readsMembersFromTheDynamicFile() throws Exception {
        myid("1");
        Path dynamic = folder.resolve("zoo.cfg.dynamic.1000");
        Files.writeString(dynamic, "server.1=h:1:2:participant;0.0.0.0:2181\nserver.2=h:3:4\n");
        NodeConfig config = read("dataDir=" + data, "initLimit=10", "syncLimit=5", "dynamicConfigFile=" + dynamic);
        assertThat(config.ensemble().version()).isEqualTo(0x1000);
        assertThat(config.clientPort().address()).isEqualTo(new Address("0.0.0.0", 2181));
        assertThat(config.ensemble().dynamicConfigFile()).contains(dynamic);
    }

    @Test
    void readsObserversAndGroups() throws Exception {
        myid("4");
        String[] lines = {
            "dataDir=" + data,
            "clientPort=2181",
            "initLimit=10",
            "syncLimit=5",
            "peerType=observer",
            "server.1=a:1:2",
            "server.2=b:1:2",
            "server.4=d:1:2:observer",
            "group.1=1",
            "group.7=2",
            "weight.2=3"
        };
        NodeConfig config = read(lines);
        assertThat(config.ensemble().members().text()).isEqualTo("""
                server.1=a:1:2:participant
                server.2=b:1:2:participant
                server.4=d:1:2:observer
                group.1=1
                group.7=2
                weight.1=1
                weight.2=3
                version=0""");
        assertThat(config.ensemble().isStandalone()).isFalse();
        assertThat(config.unknownKeys()).isEmpty();
        assertThat(config.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "version=1000, remove the line",
        "dataDir=/x, move the line to zoo.cfg",
        "server.3=c:1:2:observer, standaloneEnabled=false"
    })
    void refusesByLineOfTheDynamicFile(String line, String says) throws Exception {
        myid("1");
        Path dynamic = folder.resolve("members");
        Files.writeString(dynamic, "server.1=h:1:2\n" + line + "\n");
        assertThatThrownBy(() -> read("dataDir=" + data, "clientPort=2181", "dynamicConfigFile=" + dynamic))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(dynamic.toString())
                .hasMessageContaining(says);
    }

    /** As Apache ZooKeeper 3.9.5: a port for every address agrees with the same port of one address, and that one listens. */
    @Test
    void listensWhereItsOwnLineSaysIfTheTwoAgree() throws Exception {
        myid("1");
        String[] members = {
            "dataDir=" + data, "initLimit=10", "syncLimit=5", "server.1=h:1:2;127.0.0.1:2181", "server.2=h:3:4"
        };
        Address listed = new Address("127.0.0.1", 2181);
        assertThat(read(and(members, "clientPort=2181")).clientPort().address()).isEqualTo(listed);
        assertThat(read(and(members, "clientPort=2181", "clientPortAddress=127.0.0.1"))
                        .clientPort()
                        .address())
                .isEqualTo(listed);
        assertThatThrownBy(() -> read(and(members, "clientPort=2182"))).hasMessageContaining("differs from");
        assertThatThrownBy(() -> read(and(members, "clientPort=2181", "clientPortAddress=10.0.0.1")))
                .hasMessageContaining("differs from");
    }

    private static String[] and(String[] lines, String... more) {
        return Stream.concat(Stream.of(lines), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void namesUnknownKeysInFileOrder() throws Exception {
        NodeConfig config = read("zeta=1", "dataDir=" + data, "clientPort=1", "alpha.beta=2");
        assertThat(config.unknownKeys()).containsExactly("zeta", "alpha.beta");
    }

    @Test
    void oneMemberRunsAloneUnlessToldOtherwise() throws Exception {
        NodeConfig alone = read("dataDir=" + data, "clientPort=1", "server.7=h:1:2");
        assertThat(alone.ensemble().isStandalone()).isTrue();
        assertThat(alone.ensemble().self()).isEqualTo(7);
        myid("7");
        NodeConfig quorum = read(
                "dataDir=" + data,
                "clientPort=1",
                "server.7=h:1:2",
                "standaloneEnabled=false",
                "initLimit=1",
                "syncLimit=1");
        assertThat(quorum.ensemble().isStandalone()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '~', quoteCharacter = '"', textBlock = """
            tickTime=abc                 ~ 3 ~ tickTime          ~ not a whole number
            tickTime=0                   ~ 3 ~ tickTime          ~ from 1
            clientPort=99999             ~ 3 ~ clientPort        ~ from 0 to 65535
            minSessionTimeout=900000     ~ 3 ~ minSessionTimeout ~ lower it
            electionAlg=2                ~ 3 ~ electionAlg       ~ only 3
            standaloneEnabled=maybe      ~ 3 ~ standaloneEnabled ~ neither true nor false
            server.x=h:1:2               ~ 3 ~ server.x          ~ must not be negative
            server.1=h:1                 ~ 3 ~ server.1          ~ host:quorumPort:electionPort
            server.1=h:1:0               ~ 3 ~ server.1          ~ election port '0'
            server.1=h:1:2:voter         ~ 3 ~ server.1          ~ neither participant nor observer
            server.1=h:1:2|g:1:2         ~ 3 ~ server.1          ~ keep one
            server.1=h:1:1               ~ 3 ~ server.1          ~ one port twice
            server.1=h:1:2:observer      ~ 3 ~ server.1          ~ nobody could vote
            group.1=1:x                  ~ 3 ~ group.1           ~ number
            weight.1=-1                  ~ 3 ~ weight.1          ~ negative
            secureClientPortAddress=h    ~ 3 ~ secureClientPortAddress ~ add secureClientPort
            authProvider.1=a.B           ~ 3 ~ authProvider.1    ~ plug-in
            sessionRequireClientSASLAuth=true ~ 3 ~ sessionRequireClientSASLAuth ~ not available
            sslQuorum=1                  ~ 3 ~ sslQuorum         ~ neither true nor false
            quorum.auth.enableSasl=true  ~ 3 ~ quorum.auth.enableSasl ~ unsafe
            quorum.auth.learnerRequireSasl=true ~ 3 ~ quorum.auth.learnerRequireSasl ~ unsafe
            quorum.auth.serverRequireSasl=true ~ 3 ~ quorum.auth.serverRequireSasl ~ unsafe
            enforce.auth.enabled=1       ~ 3 ~ enforce.auth.enabled ~ neither true nor false
            peerType=leader              ~ 3 ~ peerType          ~ neither participant nor observer
            """)
    void refusesByFileLineAndKey(String line, int number, String key, String says) {
        assertThatThrownBy(() -> read("dataDir=" + data, "clientPort=2181", line))
                .isInstanceOfSatisfying(ConfigException.class, e -> {
                    assertThat(e.line()).isEqualTo(number);
                    assertThat(e.key()).isEqualTo(key);
                    assertThat(e).hasMessageContaining(folder.resolve("zoo.cfg") + ":" + number + ": " + key + ": ");
                    assertThat(e).hasMessageContaining(says);
                });
    }

    @Test
    void startsWithValuesThatApacheStartsWith() throws Exception {
        NodeConfig config = read(
                "dataDir=" + data,
                "clientPort=2181",
                "maxClientCnxns=-1",
                "minSessionTimeout=-5",
                "snapCount=1",
                "digest.enabled=1",
                "forceSync=1",
                "admin.enableServer=1");
        assertThat(config.clientPort().maxClientCnxns()).as("unlimited").isZero();
        assertThat(config.timing().minSessionTimeoutMillis()).as("none").isZero();
        assertThat(config.storage().snapCount()).isEqualTo(2);
        assertThat(config.storage().log().isForced()).isTrue();
        assertThat(config.tree().digestEnabled()).isFalse();
        assertThat(config.admin().isEnabled()).isTrue();
        assertThat(config.warnings()).singleElement().asString().contains("digest.enabled: '1' is taken for false");
    }

    @Test
    void refusesWhatIsMissing() throws Exception {
        assertThatThrownBy(() -> read("clientPort=1")).hasMessageContaining("dataDir: is not set");
        assertThatThrownBy(() -> read("dataDir=" + data)).hasMessageContaining("clientPort: is not set");
        String[] members = {"dataDir=" + data, "clientPort=1", "server.1=a:1:2", "server.2=b:1:2"};
        assertThatThrownBy(() -> read(members)).hasMessageContaining("myid: no such file");
        myid("9");
        assertThatThrownBy(() -> read(members)).hasMessageContaining("says 9, but no line server.9");
        myid("one");
        assertThatThrownBy(() -> read(members)).hasMessageContaining("'one' is not a number");
        myid("1");
        assertThatThrownBy(() -> read(members)).hasMessageContaining("initLimit: is not set");
        assertThatThrownBy(() -> NodeConfig.read(folder.resolve("absent"))).hasMessageContaining("no such file");
    }

    @Test
    void countsLinesAsAPersonDoes() throws Exception {
        PropertiesFile file = PropertiesFile.parse(
                Path.of("x"), "# comment \\\n\na = 1 \\\n   2\\\n\n!b\nc\\u0064:\\ttab\na=3\r\nlast");
        assertThat(file.find("a")).isEqualTo(Optional.of(new PropertiesFile.Entry("3", 8)));
        assertThat(file.find("cd")).isEqualTo(Optional.of(new PropertiesFile.Entry("tab", 7)));
        assertThat(file.find("last")).isEqualTo(Optional.of(new PropertiesFile.Entry("", 9)));
        assertThat(file.duplicates()).containsExactly("a");
        assertThatThrownBy(() -> PropertiesFile.parse(Path.of("x"), "a=1\nb=\\uZZ"))
                .hasMessage("x:2: bad \\u escape; write four hex digits after it");
    }

    @Test
    void sessionsOfOneServerAreForMembersOfAnEnsemble() throws Exception {
        String[] modes = {
            "localSessionsEnabled=true",
            "localSessionsUpgradingEnabled=true",
            "readonlymode.enabled=true",
            "clientPort=1"
        };
        var lines = new java.util.ArrayList<>(List.of(modes));
        lines.add("dataDir=" + data);
        assertThat(read(lines.toArray(String[]::new)).sessions()).isEqualTo(SessionModes.GLOBAL);
        myid("1\n");
        lines.addAll(List.of("initLimit=1", "syncLimit=1", "server.1=a:1:2", "server.2=b:1:2"));
        assertThat(read(lines.toArray(String[]::new)).sessions()).isEqualTo(new SessionModes(true, true, true));
    }

    @Test
    void observersAreLeftToTheLeaderUnlessThereIsAPort() throws Exception {
        String folder = "dataDir=" + data;
        assertThat(read(folder, "clientPort=1").observers()).isEqualTo(new Observers(0, 200, 0, 32 << 20));
        NodeConfig config = read(
                folder,
                "clientPort=1",
                "observerMasterPort=2191",
                "observer.election.DelayMs=0",
                "observer.reconnectDelayMs=5000",
                "observerMaster.sizeLimit=1048576");
        assertThat(config.observers()).isEqualTo(new Observers(2191, 0, 5000, 1 << 20));
        assertThat(config.unknownKeys()).isEmpty();
    }

    private NodeConfig read(String... lines) throws IOException, ConfigException {
        Path file = folder.resolve("zoo.cfg");
        Files.write(file, List.of(lines));
        return NodeConfig.read(file);
    }

    private void myid(String text) throws IOException {
        Files.writeString(data.resolve("myid"), text);
    }

    @Test
    void tlsBetweenMembersNeedsKeysAndTakesItsOwn() throws Exception {
        String[] lines = {"dataDir=" + data, "clientPort=2181", "sslQuorum=true"};
        assertThatThrownBy(() -> read(lines))
                .hasMessageContaining("ssl.quorum.keyStore.location: is not set, and TLS needs it");
        SecureMembers members = read(
                        "dataDir=" + data,
                        "clientPort=2181",
                        "portUnification=true",
                        "ssl.keyStore.location=clients.pem",
                        "ssl.quorum.keyStore.location=members.pem",
                        "ssl.quorum.trustStore.location=trust.pem")
                .secureMembers()
                .orElseThrow();
        assertThat(members.dials()).isFalse();
        assertThat(members.takesPlain()).isTrue();
        assertThat(members.tls().keyStore().file()).hasToString("members.pem");
        assertThat(members.tls().clientAuth()).isEqualTo(Tls.ClientAuth.NEED);
        assertThat(members.tls().verifiesClientHost()).isTrue();
    }
}
