package dev.paddock.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.operator.migration.Settings;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodSettingsTest {
    private static final String USUAL = """
            initLimit=10
            syncLimit=5
            dataDir=/data
            standaloneEnabled=false
            server.2=demo-2.demo-peers.prod.svc:2888:3888:participant;0.0.0.0:2181
            server.3=demo-3.demo-peers.prod.svc:2888:3888:participant;0.0.0.0:2181
            """;

    @Test
    void whatPaddockKnowsIsFine() {
        assertThat(PodSettings.of("tickTime=2000\nmaxClientCnxns=0\n" + USUAL)).isEqualTo(Settings.FINE);
    }

    @Test
    void whatItDoesNotKnowIsNamed() {
        assertThat(PodSettings.of("notOurs=1\n" + USUAL))
                .isEqualTo(new Settings(List.of(), List.of("notOurs"), List.of(), List.of()));
    }

    @Test
    void aLeaderThatSaysNothingIsAReason() {
        assertThat(PodSettings.of("leaderServes=no\n" + USUAL).refusals())
                .singleElement()
                .asString()
                .contains("leaderServes is no in zoo.cfg", "take that line out");
        assertThat(PodSettings.of("leaderServes=yes\n" + USUAL)).isEqualTo(Settings.FINE);
    }

    @Test
    void whatPodsOfZooKeeperDoNotReadIsNamed() {
        assertThat(PodSettings.of("jute.maxbuffer=4194304\n" + USUAL).wider()).containsExactly("jute.maxbuffer");
        assertThat(PodSettings.of("jute.maxbuffer=1048575\n" + USUAL)).isEqualTo(Settings.FINE);
    }

    @Test
    void whatItDoesNotStartWithIsAReason() {
        assertThat(PodSettings.of("quorum.auth.enableSasl=true\n" + USUAL).refusals())
                .singleElement()
                .asString()
                .contains("zoo.cfg", "quorum.auth.enableSasl");
        assertThat(PodSettings.of("digest.enabled=false\n" + USUAL).refusals())
                .containsExactly("digest.enabled is false in zoo.cfg, so nobody could see that a tree differs");
    }
}
