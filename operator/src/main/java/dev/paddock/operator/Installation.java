package dev.paddock.operator;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.crds.CoordinationConfig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * All that installs the operator, as YAML for {@code kubectl apply --server-side}: what the chart gives with its defaults, and
 * the namespace. The chart is the source: {@code manifests.yaml} is what Helm makes of it, checked in and compared by a test, so
 * that no Helm is needed here.
 */
public final class Installation {
    /** Where the operator usually lives; the checked-in text is for this one. */
    public static final String NAMESPACE = "paddock-system";

    private static final List<Class<? extends HasMetadata>> KINDS =
            List.of(CoordinationCluster.class, CoordinationConfig.class);

    private Installation() {}

    /**
     * The objects, in an order in which they can be applied.
     *
     * @throws IllegalArgumentException if that cannot be a namespace
     */
    public static String manifests(String namespace) {
        if (!namespace.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"))
            throw new IllegalArgumentException("\"" + namespace + "\" is no name of a namespace");
        StringBuilder all =
                new StringBuilder("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + namespace + "\n");
        for (Class<? extends HasMetadata> kind : KINDS) {
            all.append("---\n").append(definition(kind));
        }
        return all.append(read(Installation.class, "manifests.yaml").replace(NAMESPACE, namespace))
                .toString();
    }

    /** With the mark by which Helm, should it take over one day, keeps it: with a definition go all its objects. */
    private static String definition(Class<? extends HasMetadata> kind) {
        return read(kind, HasMetadata.getSingular(kind) + ".yaml")
                .replaceFirst("\nmetadata:\n", "\nmetadata:\n  annotations:\n    helm.sh/resource-policy: keep\n");
    }

    private static String read(Class<?> beside, String resource) {
        try (InputStream text = beside.getResourceAsStream(resource)) {
            if (text == null) throw new IllegalStateException("not on the class path: " + resource);
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
