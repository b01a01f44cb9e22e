package dev.paddock.cli.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One of the images, which differ only in what they start.
 *
 * @param name    of the command that it runs, and of the file with the JVM's flags for it
 * @param words   what it runs unless told otherwise
 * @param options of the JVM that a pod may replace; empty: none
 * @param ports   where it listens
 */
record Image(String name, String title, List<String> words, String options, List<Integer> ports) {
    static final List<Image> ALL = List.of(
            new Image(
                    "node",
                    "A znode server that speaks ZooKeeper's own protocols",
                    List.of("node", "/conf/zoo.cfg"),
                    "-XX:MaxRAMPercentage=70", // of the pod's limit; buffers outside the heap want some, too
                    List.of(2181, 2888, 3888, 8080)),
            new Image(
                    "sidecar",
                    "Locks, elections, config and discovery on localhost",
                    List.of("sidecar"),
                    "",
                    List.of()),
            new Image("operator", "Runs coordination clusters on Kubernetes", List.of("operator"), "", List.of()));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CREATED = "2026-01-01T00:00:00Z"; // as the files in it

    String tag(String version) {
        return "paddock/" + name + ":" + version;
    }

    /** The configuration (docker image specification 1.2), which names the layers from the lowest up. */
    byte[] configuration(String version, List<Layer> layers) {
        ObjectNode image = JSON.createObjectNode()
                .put("created", CREATED)
                .put("architecture", architecture())
                .put("os", "linux");
        ObjectNode config = image.putObject("config");
        config.put("User", Contents.USER + ":" + Contents.USER);
        config.put("WorkingDir", Contents.HOME);
        strings(config.putArray("Entrypoint"), List.of(Contents.JAVA, "@" + Contents.HOME + "/" + name + ".args"));
        strings(config.putArray("Cmd"), words);
        ArrayNode environment =
                config.putArray("Env").add("PATH=" + Contents.PATH).add("LANG=C.UTF-8");
        if (!options.isEmpty()) environment.add("JDK_JAVA_OPTIONS=" + options);
        ObjectNode exposed = config.putObject("ExposedPorts");
        for (int port : ports) exposed.putObject(port + "/tcp");
        config.putObject("Labels")
                .put("org.opencontainers.image.title", title)
                .put("org.opencontainers.image.version", version);
        ObjectNode root = image.putObject("rootfs").put("type", "layers");
        ArrayNode digests = root.putArray("diff_ids");
        ArrayNode history = image.putArray("history");
        for (Layer layer : layers) {
            digests.add("sha256:" + layer.sha256());
            history.addObject().put("created", CREATED).put("created_by", "paddock images");
        }
        return bytes(image);
    }

    /** What {@code docker load} and {@code ctr images import} read first. */
    static byte[] manifest(String configuration, String tag, List<String> layers) {
        ArrayNode manifest = JSON.createArrayNode();
        ObjectNode image = manifest.addObject().put("Config", configuration);
        image.putArray("RepoTags").add(tag);
        strings(image.putArray("Layers"), layers);
        return bytes(manifest);
    }

    private static void strings(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }

    private static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** By the names that images use. */
    private static String architecture() {
        String java = System.getProperty("os.arch");
        return switch (java) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> java;
        };
    }
}
