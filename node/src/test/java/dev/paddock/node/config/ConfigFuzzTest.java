package dev.paddock.node.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paddock.node.fuzz.Golden;
import dev.paddock.node.fuzz.Hostile;
import dev.paddock.node.members.Members;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A {@code zoo.cfg}, and the members as they are told between servers and stand in {@code /zookeeper/config}. */
class ConfigFuzzTest {
    private static final int PER_BYTE = 12 << 10; // Java takes 16 KiB to read an entry, which may have two
    private static final Path FILE = Path.of("zoo.cfg");

    static Stream<Arguments> seeds() {
        return Stream.of(
                text("standalone", """
                    # comment
                    tickTime=2000
                    dataDir=target/none
                    clientPort=2181
                    4lw.commands.whitelist=*
                    maxClientCnxns = 0
                    """),
                text("ensemble", """
                    initLimit=10
                    syncLimit=5
                    dataDir=target/none
                    server.1=zoo1:2888:3888:participant;2181
                    server.2=[::1]:2888:3888:observer;[::]:2181
                    server.3=zoo3:2888:3888
                    group.1=1:3
                    weight.1=2
                    version=100000000
                    """),
                text("continued", "clientPort=21\\\n 81\ndataDir=\\u0041\\t\r\n!x\r\n"));
    }

    private static Arguments text(String name, String text) {
        return Golden.seed(name, text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void reads(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Hostile.decoded(
                input.length,
                PER_BYTE,
                () -> {
                    PropertiesFile file = PropertiesFile.parse(FILE, text);
                    return new ConfigParser(file, new Settings(file, new Properties()), OptionalLong.empty()).parse();
                },
                ConfigException.class);
        Optional<Members> members =
                Hostile.decoded(input.length, PER_BYTE, () -> Members.parse(text), IllegalArgumentException.class);
        members.ifPresent(read -> Hostile.comesBack(
                read,
                m -> m.text().getBytes(StandardCharsets.UTF_8),
                bytes -> Members.parse(new String(bytes, StandardCharsets.UTF_8))));
    }
}
