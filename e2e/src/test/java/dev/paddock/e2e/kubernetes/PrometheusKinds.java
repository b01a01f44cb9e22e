package dev.paddock.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The kinds of Prometheus' operator, as long as a test wants them; nobody looks at what is of them. */
record PrometheusKinds(Lab lab, List<HasMetadata> made) implements AutoCloseable {
    /** Makes those that are not there. */
    static PrometheusKinds in(Lab lab) throws IOException {
        try (InputStream manifests = PrometheusKinds.class.getResourceAsStream("prometheus.yaml")) {
            List<HasMetadata> missing = lab.client().load(manifests).items().stream()
                    .filter(kind -> lab.client().resource(kind).get() == null)
                    .toList();
            for (HasMetadata kind : missing) lab.client().resource(kind).create();
            return new PrometheusKinds(lab, missing);
        }
    }

    @Override
    public void close() {
        for (HasMetadata kind : made) lab.client().resource(kind).delete();
    }
}
