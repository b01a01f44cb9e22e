package dev.paddock.operator.injection;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The sidecar's container and volumes. It is an init container that goes on: the pod's own containers start after its startup
 * probe holds, and a Job ends with them. It passes the {@code restricted} Pod Security profile.
 *
 * @param server how it reaches the ensemble
 */
record Sidecar(String image, Server server, Wish wish) {
    static final String NAME = "paddock";
    private static final String STATE = "paddock-state";
    private static final String STATE_FOLDER = "/var/lib/paddock";
    private static final String TLS = "paddock-tls";
    private static final String TLS_FOLDER = "/etc/paddock/tls";
    private static final int ADMIN_PORT = 2191;
    private static final long USER = 1000; // as in the image

    /**
     * The ensemble.
     *
     * @param address connect string
     * @param trust   Secret whose {@code ca.crt} it has its certificate of; empty: it is spoken to plainly
     */
    record Server(String address, Optional<String> trust) {}

    Container container() {
        return new ContainerBuilder()
                .withName(NAME)
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withRestartPolicy("Always")
                .withArgs(arguments())
                .addNewPort()
                .withName("paddock-admin")
                .withContainerPort(ADMIN_PORT)
                .withProtocol("TCP")
                .endPort()
                .withNewStartupProbe()
                .withNewHttpGet()
                .withPath("/health/started")
                .withPort(new IntOrString("paddock-admin"))
                .endHttpGet()
                .withPeriodSeconds(1)
                .withTimeoutSeconds(2)
                .withFailureThreshold(300)
                .endStartupProbe()
                .withNewLivenessProbe()
                .withNewHttpGet()
                .withPath("/health/live")
                .withPort(new IntOrString("paddock-admin"))
                .endHttpGet()
                .withPeriodSeconds(10)
                .withTimeoutSeconds(5)
                .withFailureThreshold(6)
                .endLivenessProbe()
                .withResources(wish.resources())
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withVolumeMounts(mounts())
                .build();
    }

    /** The admin port is open to the kubelet's probes; all else stays within the pod. */
    private List<String> arguments() {
        List<String> words = new ArrayList<>(List.of(
                "sidecar",
                "--servers=" + server.address(),
                "--listen=127.0.0.1:2190",
                "--admin=0.0.0.0:" + ADMIN_PORT,
                "--zk-listen=127.0.0.1:2181",
                "--state-dir=" + STATE_FOLDER));
        if (server.trust().isPresent()) words.add("--tls-trust=" + TLS_FOLDER + "/ca.crt");
        if (wish.key().isPresent()) {
            words.add("--tls-certificate=" + TLS_FOLDER + "/tls.crt");
            words.add("--tls-key=" + TLS_FOLDER + "/tls.key");
        }
        wish.projections().forEach(each -> words.add("--project=" + each.path() + "=" + each.folder()));
        return words;
    }

    private List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(new VolumeMountBuilder()
                .withName(STATE)
                .withMountPath(STATE_FOLDER)
                .build());
        if (server.trust().isPresent()) {
            mounts.add(new VolumeMountBuilder()
                    .withName(TLS)
                    .withMountPath(TLS_FOLDER)
                    .withReadOnly(true)
                    .build());
        }
        for (Wish.Projection each : wish.projections()) {
            mounts.add(new VolumeMountBuilder()
                    .withName(volume(each))
                    .withMountPath(each.folder())
                    .build());
        }
        return mounts;
    }

    List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        volumes.add(scratch(STATE, "64Mi"));
        server.trust().ifPresent(trust -> volumes.add(tls(trust)));
        wish.projections().forEach(each -> volumes.add(scratch(volume(each), "64Mi")));
        return volumes;
    }

    /** Whom to trust, and the sidecar's own key if it has one. The pod waits for Secrets that are not there yet. */
    private Volume tls(String trust) {
        List<VolumeProjection> sources = new ArrayList<>(List.of(source(trust, "ca.crt")));
        wish.key().ifPresent(key -> sources.add(source(key, "tls.crt", "tls.key")));
        return new VolumeBuilder()
                .withName(TLS)
                .withNewProjected()
                .withSources(sources)
                .endProjected()
                .build();
    }

    private static VolumeProjection source(String secret, String... keys) {
        return new VolumeProjectionBuilder()
                .withNewSecret()
                .withName(secret)
                .withItems(Stream.of(keys)
                        .map(key -> new KeyToPathBuilder()
                                .withKey(key)
                                .withPath(key)
                                .build())
                        .toList())
                .endSecret()
                .build();
    }

    /** What each of the pod's own containers gets. */
    List<VolumeMount> mountsOfOthers() {
        return wish.projections().stream()
                .map(each -> new VolumeMountBuilder()
                        .withName(volume(each))
                        .withMountPath(each.folder())
                        .withReadOnly(true)
                        .build())
                .toList();
    }

    private static String volume(Wish.Projection projection) {
        return "paddock-project-" + projection.name();
    }

    private static Volume scratch(String name, String size) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withSizeLimit(new Quantity(size))
                .endEmptyDir()
                .build();
    }
}
