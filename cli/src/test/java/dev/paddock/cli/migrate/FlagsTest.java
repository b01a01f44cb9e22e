package dev.paddock.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlagsTest {
    @Test
    void aCommandLineDefinesThem() {
        assertThat(Flags.defined(List.of(
                        "java", "-Xmx1g", "-Dzookeeper.snapCount=5", "-Da=b=c", "-Dbare", "-Da=d", "Main", "zoo.cfg")))
                .isEqualTo(Map.of("zookeeper.snapCount", "5", "a", "d", "bare", ""));
    }
}
