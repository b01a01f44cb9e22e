package dev.paddock.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.cli.prepare.MemberVolume.Outcome;
import dev.paddock.node.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemberVolumeTest {
    private static final String MEMBERS = """
            server.1=demo-1.demo-peers.prod.svc:2888:3888:participant;0.0.0.0:2181
            server.2=demo-2.demo-peers.prod.svc:2888:3888:participant;0.0.0.0:2181
            server.3=demo-3.demo-peers.prod.svc:2888:3888:participant;0.0.0.0:2181
            version=%s
            """;
    private static final String THREE = MEMBERS.formatted("0");

    @TempDir
    Path data;

    @Test
    void aNewVolumeIsMarkedAndItsServerCanStart() throws Exception {
        assertThat(prepare("uid", 2, THREE, "")).isInstanceOf(Outcome.Ready.class);
        NodeConfig config = NodeConfig.read(zooCfg());
        assertThat(config.ensemble().self()).isEqualTo(2);
        assertThat(config.ensemble().servers()).hasSize(3);
        assertThat(config.clientPort().address().port()).isEqualTo(2181);
        assertThat(Files.readString(data.resolve("paddock/volume"))).isEqualTo("cluster=uid\nmember=2\n");
        assertThat(Files.readString(zooCfg())).contains("DigestAuthenticationProvider.superDigest=super:x\n");
    }

    @Test
    void anEmptyVolumeOfAVoterThatHadDataIsRefused() throws IOException {
        assertThat(prepare("uid", 2, THREE, "1,2,3")).isInstanceOf(Outcome.Wiped.class);
        assertThat(data).isEmptyDirectory();
        assertThat(prepare("uid", 2, THREE, "1,3,12")).isInstanceOf(Outcome.Ready.class);
        assertThat(prepare("uid", 2, THREE, "1,2,3")).as("now it has data").isInstanceOf(Outcome.Ready.class);
    }

    @Test
    void aStrangersVolumeIsRefusedAndLeftAsItIs() throws IOException {
        prepare("uid", 2, THREE, "");
        String before = Files.readString(zooCfg());
        assertThat(prepare("other", 2, THREE, ""))
                .isEqualTo(new Outcome.Stranger("this volume is of cluster=uid member=2, and this pod is of"
                        + " cluster=other member=2; give the pod's claim its own volume back, or an empty one"));
        assertThat(prepare("uid", 3, THREE, "")).isInstanceOf(Outcome.Stranger.class);
        assertThat(Files.readString(zooCfg())).isEqualTo(before);
    }

    @Test
    void aVolumeThatAZooKeeperWroteIsTakenIfItIsOfThisMember() throws IOException {
        Files.createDirectories(data.resolve("version-2"));
        Files.writeString(data.resolve("myid"), "2\n");
        assertThat(prepare("uid", 3, THREE, "")).isInstanceOf(Outcome.Stranger.class);
        assertThat(prepare("uid", 2, THREE, "1,2,3")).isInstanceOf(Outcome.Ready.class);
    }

    @Test
    void whoJoinsObservesAndIsNotCounted() throws Exception {
        prepare("uid", 4, MEMBERS.formatted("100000003"), "");
        assertThat(NodeConfig.read(zooCfg()).ensemble().members().voters()).containsExactly(1, 2, 3);
        assertThat(Files.readString(zooCfg()))
                .contains("server.4=demo-4.demo-peers.prod.svc:2888:3888:observer;0.0.0.0:2181\n");
        String alone = "server.1=demo-1.p.n.svc:2888:3888:participant;0.0.0.0:2181\nversion=0\n";
        Path second = Files.createDirectory(data.resolve("second"));
        new MemberVolume(second, "uid", 2).prepare("dataDir=" + second + "\n", alone, "", "super:x");
        assertThat(Files.readString(second.resolve("conf/zoo.cfg")))
                .as("a single voter's second has to agree to its own vote")
                .contains("server.2=demo-2.p.n.svc:2888:3888:participant;0.0.0.0:2181\n");
    }

    @Test
    void theServersOwnListCountsUntilTheOperatorHasSeenANewerOne() throws Exception {
        prepare("uid", 2, THREE, "");
        Path own = data.resolve("conf/zoo.cfg.dynamic.100000005");
        Files.writeString(own, "server.2=demo-2.demo-peers.prod.svc:2888:3888:participant;0.0.0.0:2181");
        Files.writeString(zooCfg(), "dynamicConfigFile=" + own + "\n");
        prepare("uid", 2, MEMBERS.formatted("100000004"), "");
        assertThat(Files.readString(zooCfg())).contains("dynamicConfigFile=" + own + "\n");
        prepare("uid", 2, MEMBERS.formatted("200000001"), "");
        NodeConfig config = NodeConfig.read(zooCfg());
        assertThat(config.ensemble().members().version()).isEqualTo(0x200000001L);
        assertThat(config.ensemble().members().voters()).containsExactly(1, 2, 3);
    }

    private Outcome prepare(String cluster, int id, String members, String known) throws IOException {
        String zooCfg =
                "dataDir=" + data + "\ninitLimit=10\nsyncLimit=5\nreconfigEnabled=true\nstandaloneEnabled=false\n";
        return new MemberVolume(data, cluster, id).prepare(zooCfg, members, known, "super:x");
    }

    private Path zooCfg() {
        return data.resolve("conf/zoo.cfg");
    }
}
