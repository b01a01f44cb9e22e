package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.members.Members;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what Apache ZooKeeper 3.9.5 and we ourselves start with. */
class ConfigFilesTest {
    private static final String STATIC = """
            # of the first team, naïvely
            tickTime=2000
            initLimit=10
            syncLimit=5
            autopurge.snapRetainCount=\\
               4
            clientPort=2181
            clientPortAddress=0.0.0.0
            reconfigEnabled=true
            """;
    private static final String LISTED = """
            peerType=participant
            server.1=10.0.0.1:2888:3888
            server.2=10.0.0.2:2888:\\
              3888
            server.3=10.0.0.3:2888:3888:observer
            """;
    private static final String THREE = """
            server.1=10.0.0.1:2888:3888:participant%s
            server.2=10.0.0.2:2888:3888:participant;0.0.0.0:2181
            server.11=[2001:db8:0:0:0:0:0:3]:2888:3888:observer;0.0.0.0:2181
            version=100000003""";
    private static final String GROUPS = """
            server.1=10.0.0.1:2888:3888:participant;0.0.0.0:2181
            server.2=10.0.0.2:2888:3888:participant
            group.1=1
            group.2=2
            weight.1=1
            weight.2=3
            version=2a""";

    @TempDir
    Path folder;

    private Path zooCfg;

    @BeforeEach
    void configure() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("myid"), "1\n");
        zooCfg = folder.resolve("zoo.cfg");
        Files.writeString(zooCfg, STATIC + "dataDir=" + data + "\n" + LISTED);
    }

    @AfterEach
    void forgetWhatApacheKeepsInItsStatics() {
        QuorumPeerConfig.setReconfigEnabled(false);
        for (int sid = 1; sid <= 3; sid++) System.clearProperty("zookeeper.server." + sid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";0.0.0.0:2181"})
    void committedMembersAreThoseOfTheNextStart(String ownClient) throws Exception {
        Members members = Members.parse(THREE.formatted(ownClient));
        String before = Files.readString(zooCfg);
        ConfigFiles.of(zooCfg, 1).committed(members);

        assertThat(Files.readString(folder.resolve("zoo.cfg.bak"))).isEqualTo(before);
        assertThat(Files.readString(folder.resolve("zoo.cfg.dynamic.100000003")).lines())
                .containsExactlyInAnyOrderElementsOf(members.text()
                        .lines()
                        .filter(line -> !line.startsWith("version"))
                        .toList());
        String kept = ownClient.isEmpty() ? STATIC : STATIC.replaceAll("clientPort.*\n", "");
        assertThat(Files.readString(zooCfg))
                .isEqualTo(kept + "dataDir=" + folder.resolve("data") + "\ndynamicConfigFile="
                        + folder.resolve("zoo.cfg.dynamic.100000003") + "\n");
        assertReadByBoth(members);
    }

    @Test
    void groupsAreKeptToo() throws Exception {
        Members members = Members.parse(GROUPS);
        ConfigFiles.of(zooCfg, 1).committed(members);
        assertReadByBoth(members);
    }

    /** Apache ZooKeeper writes them; a server that is to join then does not start a second time. */
    @Test
    void membersThatDoNotNameThisServerYetAreNotKept() throws Exception {
        String before = Files.readString(zooCfg);
        ConfigFiles files = ConfigFiles.of(zooCfg, 1);
        Members without = Members.parse("server.2=10.0.0.2:2888:3888\nserver.3=10.0.0.3:2888:3888\nversion=7");
        files.committed(without);
        assertThat(Files.readString(zooCfg)).isEqualTo(before);
        files.committed(Members.parse(GROUPS));
        files.committed(without.withVersion(0x2b)); // it was one of them, and left
        assertThat(Files.readString(zooCfg)).endsWith("zoo.cfg.dynamic.2b\n");
    }

    @Test
    void laterConfigurationsTakeThePlaceOfTheFirst() throws Exception {
        ConfigFiles files = ConfigFiles.of(zooCfg, 1);
        String before = Files.readString(zooCfg);
        files.committed(Members.parse(GROUPS));
        Members members = Members.parse(THREE.formatted(";0.0.0.0:2181"));
        Path next = Files.writeString(folder.resolve("zoo.cfg.dynamic.next"), members.text()); // as Apache does
        files.committed(Members.parse(GROUPS).withVersion(0x100000002L));
        assertThat(next).exists();
        files.committed(members);
        assertThat(next).doesNotExist();
        assertThat(Files.readString(folder.resolve("zoo.cfg.bak"))).isEqualTo(before);
        assertThat(Files.readString(zooCfg)).containsOnlyOnce("dynamicConfigFile");
        assertReadByBoth(members);
    }

    /** zoo.cfg may hold passwords. */
    @Test
    void nobodyElseReadsWhatOnlyTheOwnerCould() throws Exception {
        var owner = PosixFilePermissions.fromString("rw-------");
        Files.setPosixFilePermissions(zooCfg, owner);
        ConfigFiles.of(zooCfg, 1).committed(Members.parse(GROUPS));
        for (String name : List.of("zoo.cfg", "zoo.cfg.bak", "zoo.cfg.dynamic.2a")) {
            assertThat(Files.getPosixFilePermissions(folder.resolve(name))).isEqualTo(owner);
        }
    }

    @Test
    void whatAnUnfinishedWriteLeftIsInNobodysWay() throws Exception {
        Files.writeString(folder.resolve("zoo.cfg.tmp"), "half");
        Members members = Members.parse(GROUPS);
        ConfigFiles.of(zooCfg, 1).committed(members);
        assertReadByBoth(members);
    }

    private void assertReadByBoth(Members members) throws Exception {
        assertThat(NodeConfig.read(zooCfg).ensemble().members()).isEqualTo(members);
        var theirs = new QuorumPeerConfig();
        theirs.parse(zooCfg.toString());
        assertThat(theirs.getQuorumVerifier().toString().lines())
                .containsExactlyInAnyOrderElementsOf(members.text().lines().toList());
        assertThat(theirs.getQuorumVerifier().getVersion()).isEqualTo(members.version());
    }
}
