package dev.paddock.e2e.tour;

import dev.paddock.e2e.Installed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The C client, Debian's {@code libzookeeper_mt}, sees the same whoever made the servers. */
@ExtendWith(Tours.Resolver.class)
class CClientTourTest {
    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void tour(int servers, Tours tours) throws Exception {
        Installed.require("gcc");
        Installed.require(Path.of("/usr/include/zookeeper/zookeeper.h"), "libzookeeper-mt-dev");
        Path program = Files.createDirectories(Path.of("target", "tours")).resolve("c-tour");
        Tools.run(
                List.of(
                        "gcc",
                        "-O1",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-DTHREADED",
                        "src/test/c/tour.c",
                        "-o",
                        program.toString(),
                        "-lzookeeper_mt",
                        "-lpthread"),
                Map.of());
        tours.compare("c", servers, at -> Tools.run(List.of(program.toString(), at.connectString()), Map.of()));
    }
}
