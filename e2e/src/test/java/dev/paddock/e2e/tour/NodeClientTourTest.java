package dev.paddock.e2e.tour;

import dev.paddock.e2e.Installed;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Node client, {@code node-zookeeper-client}, sees the same whoever made the servers. */
@ExtendWith(Tours.Resolver.class)
class NodeClientTourTest {
    private static final Path MODULES = Installed.CACHE.resolve("node/node_modules");

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void tour(int servers, Tours tours) throws Exception {
        Installed.require("node");
        Installed.require(MODULES.resolve("node-zookeeper-client"), "node-zookeeper-client 1.1.3");
        Map<String, String> environment = Map.of("NODE_PATH", MODULES.toString());
        tours.compare(
                "node",
                servers,
                at -> Tools.run(List.of("node", "src/test/node/tour.js", at.connectString()), environment));
    }
}
