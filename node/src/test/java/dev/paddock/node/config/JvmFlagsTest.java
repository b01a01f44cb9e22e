package dev.paddock.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JvmFlagsTest {
    @TempDir
    Path folder;

    private JvmFlags judge(String lines, Map<String, String> properties) throws IOException, ConfigException {
        Path file = folder.resolve("zoo.cfg");
        Files.writeString(file, "dataDir=" + folder + "\nclientPort=2181\n" + lines);
        return JvmFlags.judge(NodeConfig.read(file), false, properties);
    }

    @Test
    void whatNothingActsOnIsUnknown() throws Exception {
        assertThat(judge("", Map.of("zookeeper.nobody", "1", "nobody.either", "2", "zookeeper.audit.enable", "true")))
                .isEqualTo(new JvmFlags(List.of("zookeeper.audit.enable", "zookeeper.nobody"), List.of()));
    }

    @Test
    void whatWouldBeMissedIsLost() throws Exception {
        assertThat(judge("", Map.of("jute.maxbuffer", "4194304", "zookeeper.snapCount", "5000")))
                .isEqualTo(new JvmFlags(List.of(), List.of("jute.maxbuffer", "zookeeper.snapCount")));
    }

    @Test
    void whatTheFileOrTheDefaultSaysTooIsNotNamed() throws Exception {
        assertThat(judge(
                        "jute.maxbuffer=4194304\n",
                        Map.of("jute.maxbuffer", "4194304", "zookeeper.snapCount", "100000")))
                .isEqualTo(JvmFlags.NONE);
        assertThat(judge("nobody=1\n", Map.of("zookeeper.nobody", "1")))
                .as("as Apache makes it of the line, which is judged by itself")
                .isEqualTo(JvmFlags.NONE);
    }

    @Test
    void aRequestMayBeAsLongAsTheJvmSaysWhateverTheFileHas() throws Exception {
        Map<String, String> four = Map.of("jute.maxbuffer", "4194304");
        assertThat(judge("jute.maxbuffer=2000000\n", four))
                .isEqualTo(new JvmFlags(List.of(), List.of("jute.maxbuffer")));
        assertThat(judge("jute.maxbuffer=8000000\n", four)).isEqualTo(JvmFlags.NONE);
        assertThat(JvmFlags.frameBytesMax(four)).isEqualTo(4_194_304);
        assertThat(JvmFlags.frameBytesMax(Map.of("jute.maxbuffer", "much"))).isEqualTo(1_048_575);
        assertThat(JvmFlags.frameBytesMax(Map.of("zookeeper.jute.maxbuffer", "5")))
                .isEqualTo(1_048_575);
    }

    @Test
    void whatIsKnownAndNotDoneIsNoUseInTheFile() throws Exception {
        String open = "admin.enableServer=true\n"; // whatever other tests say of it to this JVM
        assertThat(judge(open, Map.of("zookeeper.admin.forceHttps", "true", "zookeeper.admin.needClientAuth", "false")))
                .isEqualTo(new JvmFlags(List.of("zookeeper.admin.forceHttps"), List.of()));
    }

    @Test
    void whereApacheWritesItsLogIsNoMatter() throws Exception {
        assertThat(judge(
                        "", Map.of("zookeeper.log.dir", "/var/log", "zookeeper.root.logger", "INFO", "java.home", "/")))
                .isEqualTo(JvmFlags.NONE);
    }

    @Test
    void whatWorksOnlyTogetherIsLostTogether() throws Exception {
        Map<String, String> store = Map.of(
                "zookeeper.ssl.keyStore.location", "key.p12",
                "zookeeper.ssl.keyStore.password", "x",
                "zookeeper.ssl.clientAuth", "none");
        String lines = "secureClientPort=2281\nssl.trustStore.location=trust.p12\n";
        assertThat(judge(lines + "ssl.keyStore.location=other.p12\n", store).lost())
                .contains("zookeeper.ssl.clientAuth", "zookeeper.ssl.keyStore.password")
                .doesNotContain("zookeeper.ssl.keyStore.location");
    }

    @Test
    void whatThisServerRefusesIsLost() throws Exception {
        assertThat(judge("", Map.of("zookeeper.quorum.auth.enableSasl", "true", "zookeeper.nobody", "1")))
                .isEqualTo(new JvmFlags(List.of("zookeeper.nobody"), List.of("zookeeper.quorum.auth.enableSasl")));
        assertThat(judge("maxSessionTimeout=1000\nminSessionTimeout=500\n", Map.of("zookeeper.tickTime", "x"))
                        .lost())
                .containsExactly("zookeeper.tickTime");
    }

    @Test
    void passwordsAreComparedByWhatTheyAre() throws Exception {
        String lines = "secureClientPort=2281\nssl.keyStore.location=key.p12\nssl.clientAuth=none\n";
        assertThat(judge(lines + "ssl.keyStore.password=x\n", Map.of("zookeeper.snapCount", "100000")))
                .isEqualTo(JvmFlags.NONE);
    }
}
