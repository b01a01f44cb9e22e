package dev.paddock.operator.ensemble;

import dev.paddock.crds.Engine;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;

/**
 * What the kubelet asks a member. Alive is a process that answers, with or without a quorum: to kill who waits for one would help
 * nobody. Ready is a member that serves clients as part of a quorum.
 */
final class Probes {
    private static final int PERIOD_SECONDS = 5;
    private static final int TIMEOUT_SECONDS = 5;
    /** ZooKeeper's image has bash; its HTTP port says 200 to everything. */
    private static final String SERVES =
            "exec 3<>/dev/tcp/127.0.0.1/" + Blueprint.CLIENT_PORT + " && echo srvr >&3 && grep -q ^Mode: <&3";

    private Probes() {}

    /**
     * A client port listens once what is on disk has been recovered, and from then on as long as the process lives. That with TLS, if there
     * is one: the other may be closed.
     */
    static Probe alive(Blueprint blueprint, int failuresMax) {
        return new ProbeBuilder()
                .withNewTcpSocket()
                .withNewPort(blueprint.tls().isPresent() ? Blueprint.SECURE_CLIENT : "client")
                .endTcpSocket()
                .withPeriodSeconds(PERIOD_SECONDS)
                .withTimeoutSeconds(TIMEOUT_SECONDS)
                .withFailureThreshold(failuresMax)
                .build();
    }

    static Probe serving(Engine engine) {
        ProbeBuilder probe = new ProbeBuilder()
                .withPeriodSeconds(PERIOD_SECONDS)
                .withTimeoutSeconds(TIMEOUT_SECONDS)
                .withFailureThreshold(2);
        return switch (engine) {
            case PADDOCK ->
                probe.withNewHttpGet()
                        .withPath("/health/ready")
                        .withPort(new IntOrString("admin"))
                        .endHttpGet()
                        .build();
            case ZOOKEEPER ->
                probe.withNewExec().withCommand("bash", "-c", SERVES).endExec().build();
        };
    }
}
