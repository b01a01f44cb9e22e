package dev.paddock.e2e.tour;

import dev.paddock.e2e.Installed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Go client, {@code github.com/go-zookeeper/zk}, sees the same whoever made the servers. */
@ExtendWith(Tours.Resolver.class)
class GoClientTourTest {
    private static final Path MODULES = Installed.CACHE.resolve("go");

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void tour(int servers, Tours tours) throws Exception {
        Installed.require("go");
        Installed.require(MODULES.resolve("github.com/go-zookeeper/zk@v1.0.4"), "github.com/go-zookeeper/zk 1.0.4");
        Path program = Files.createDirectories(Path.of("target", "tours"))
                .resolve("go-tour")
                .toAbsolutePath();
        Map<String, String> offline = Map.of(
                "GOMODCACHE", MODULES.toString(),
                "GOCACHE", Installed.CACHE.resolve("go-build").toString(),
                "GOPROXY", "off",
                "GOFLAGS", "-mod=readonly",
                "GOTOOLCHAIN", "local",
                "CGO_ENABLED", "0");
        Tools.run(Path.of("src", "test", "go"), List.of("go", "build", "-o", program.toString(), "."), offline);
        tours.compare("go", servers, at -> Tools.run(List.of(program.toString(), at.connectString()), Map.of()));
    }
}
