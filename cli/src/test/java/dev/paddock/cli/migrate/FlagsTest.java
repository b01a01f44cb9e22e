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
        assertThat(Flags.in(List.of("java", "-Dzookeeper.snapCount=5", "-Da=b=c", "-Dbare", "-Da=d", "Main", "zoo.cfg"))
                        .properties())
                .isEqualTo(Map.of("zookeeper.snapCount", "5", "a", "d", "bare", ""));
    }

    @Test
    void memoryAgentsAndAPortOfJmxAreKeptApart() {
        assertThat(Flags.in(List.of(
                                "java",
                                "-Xmx1000m",
                                "-Xms1g",
                                "-XX:+UseG1GC",
                                "-javaagent:/opt/jmx.jar=7070:zk.yml",
                                "-XX:MaxRAMPercentage=70.5",
                                "-Dcom.sun.management.jmxremote",
                                "-Dcom.sun.management.jmxremote.port=9010",
                                "-Xmx2g",
                                "Main"))
                        .apart())
                .containsExactly(
                        "-Xmx2g",
                        "-Xms1g",
                        "-XX:MaxRAMPercentage=70.5",
                        "-javaagent:/opt/jmx.jar=7070:zk.yml",
                        "-Dcom.sun.management.jmxremote",
                        "-Dcom.sun.management.jmxremote.port=9010");
        assertThat(Flags.in(List.of(
                                "java",
                                "-Dcom.sun.management.jmxremote",
                                "-Dcom.sun.management.jmxremote.local.only=false"))
                        .apart())
                .as("as zkServer.sh always says")
                .isEmpty();
    }

    @Test
    void aVariableIsReadAsJavaReadsIt() {
        String environment = "A=-Dno=1\0_JAVA_OPTIONS=-Dz=1 \"-Da=b c\"\0X_JAVA_OPTIONS=-Dno=2\0B=-Db=1";
        assertThat(Flags.set(List.of("B", "_JAVA_OPTIONS"), environment)).containsExactly("-Db=1", "-Dz=1", "-Da=b c");
    }

    @Test
    void aFileOfArgumentsIsReadAsJavaReadsIt(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("flags"), """
                -Done=1 # and -Dtwo=2
                "-Dthree=a b" -Dfour='c \\' d'
                -Dfive=C:\\e
                """);
        List<String> words = Flags.expanded(List.of("java", "-Done=0", "@flags", "-Dfive=f", "Main"), folder);
        assertThat(Flags.in(words).properties())
                .isEqualTo(Map.of("one", "1", "three", "a b", "four", "c ' d", "five", "f"));
    }

    /** The virtual machine reads it itself, wherever it is named. */
    @Test
    void aFileOfOptionsHasNoCommentsAndNothingEscaped(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("flags"), "-XX:VMOptionsFile=options\n");
        Files.writeString(folder.resolve("options"), "-Xmx3g -Done=x#y -Dtwo=\"c\\\\d e\"\n-Dthree='\"'\n");
        Flags flags = Flags.in(Flags.expanded(List.of("java", "@flags", "-XX:Flags=more"), folder));
        assertThat(flags.properties()).isEqualTo(Map.of("one", "x#y", "two", "c\\\\d e", "three", "\""));
        assertThat(flags.apart()).containsExactly("-Xmx3g", "-XX:Flags=more");
    }
}
