package dev.paddock.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlagsTest {
    @Test
    void aCommandLineDefinesThem() {
        assertThat(Flags.defined(List.of(
                        "java", "-Xmx1g", "-Dzookeeper.snapCount=5", "-Da=b=c", "-Dbare", "-Da=d", "Main", "zoo.cfg")))
                .isEqualTo(Map.of("zookeeper.snapCount", "5", "a", "d", "bare", ""));
    }

    @Test
    void aFileOfArgumentsIsReadAsJavaReadsIt(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("flags"), """
                -Done=1 # and -Dtwo=2
                "-Dthree=a b" -Dfour='c \\' d'
                -Dfive=C:\\e
                """);
        assertThat(Flags.defined(Flags.expanded(List.of("java", "-Done=0", "@flags", "-Dfive=f", "Main"), folder)))
                .isEqualTo(Map.of("one", "1", "three", "a b", "four", "c ' d", "five", "f"));
    }
}
