package dev.paddock.cli.up;

import dev.paddock.cli.CommandFailed;
import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.CoordinationConfig;
import dev.paddock.crds.Manifests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the manifests ask for.
 *
 * @param cluster name of the ensemble
 * @param spec    of the ensemble
 * @param keys    znode path to value, of all {@code CoordinationConfig}s
 */
record Desired(String cluster, ClusterSpec spec, SortedMap<String, String> keys) {
    /** @throws CommandFailed with one line that names file, line and field of what is wrong */
    static Desired read(List<Path> files) {
        return switch (Manifests.read(files)) {
            case Manifests.Accepted(Manifests manifests) -> of(files, manifests);
            case Manifests.Refused refused -> {
                int more = refused.problems().size() - 1;
                throw new CommandFailed(refused.problems().getFirst() + (more == 0 ? "" : " (and " + more + " more)"));
            }
        };
    }

    private static Desired of(List<Path> files, Manifests manifests) {
        var clusters = manifests.clusters();
        if (clusters.size() != 1) {
            String names = files.stream().map(Path::toString).collect(Collectors.joining(", "));
            throw new CommandFailed(names + ": `paddock up` runs one CoordinationCluster, found "
                    + (clusters.isEmpty()
                            ? "none"
                            : clusters.stream()
                                    .map(cluster -> cluster.getMetadata().getName())
                                    .collect(Collectors.joining(", "))));
        }
        var cluster = clusters.getFirst();
        String name = cluster.getMetadata().getName();
        if (cluster.getSpec().replicas() == 0) {
            throw new CommandFailed(name + ": spec.replicas is 0: stop `paddock up` instead; the data stays");
        }
        if (!cluster.getSpec().askedToServeWhileLeading()) {
            throw new CommandFailed(
                    name + ": spec.config: leaderServes is no, and `paddock up` is told who leads by the server"
                            + " that does; take the key out");
        }
        SortedMap<String, String> keys = new TreeMap<>();
        for (CoordinationConfig config : manifests.configs()) {
            if (!config.getSpec().from().isEmpty()) {
                throw new CommandFailed(config.getMetadata().getName()
                        + ": spec.from: `paddock up` has no ConfigMaps and Secrets; write the keys under spec.data");
            }
            config.getSpec()
                    .data()
                    .forEach((key, value) -> keys.put(config.getSpec().path() + "/" + key, value));
        }
        return new Desired(name, cluster.getSpec(), keys);
    }

    /** The keys as znodes hold them. */
    SortedMap<String, byte[]> values() {
        SortedMap<String, byte[]> values = new TreeMap<>();
        keys.forEach((path, value) -> values.put(path, value.getBytes(StandardCharsets.UTF_8)));
        return values;
    }
}
