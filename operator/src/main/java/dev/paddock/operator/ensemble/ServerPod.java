package dev.paddock.operator.ensemble;

import dev.paddock.crds.Engine;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pod of one member. It passes the {@code restricted} Pod Security profile, with a read-only root. Both engines mount
 * the same: {@code /data}, which keeps the same files for both, {@code /data/myid} from the pod's ordinal, and {@code
 * /conf/zoo.cfg}.
 */
final class ServerPod {
    static final String DATA = "data";
    private static final String CONFIG = "config";
    private static final String IDENTITY = "identity";
    private static final String TMP = "tmp";
    private static final String LOGS = "logs";
    private static final long USER = 1000; // as in both images

    private ServerPod() {}

    static PodTemplateSpec template(Blueprint blueprint) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(Labels.of(blueprint.name()))
                .addToAnnotations("paddock.dev/config", ZooCfg.digest(ZooCfg.text(blueprint)))
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(30L)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withTopologySpreadConstraints(
                        spread(blueprint, "kubernetes.io/hostname"), spread(blueprint, "topology.kubernetes.io/zone"))
                .withContainers(container(blueprint))
                .withVolumes(volumes(blueprint))
                .endSpec()
                .build();
    }

    private static Container container(Blueprint blueprint) {
        boolean paddock = blueprint.spec().engine() == Engine.PADDOCK;
        return new ContainerBuilder()
                .withName("server")
                .withImage((paddock ? "paddock/node:" : "docker.io/library/zookeeper:") + blueprint.version())
                .withImagePullPolicy("IfNotPresent")
                .withArgs(paddock ? List.of("node", "/conf/zoo.cfg") : List.of())
                .withEnv(environment(blueprint))
                .addNewPort()
                .withName("client")
                .withContainerPort(Blueprint.CLIENT_PORT)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName("quorum")
                .withContainerPort(Blueprint.QUORUM_PORT)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName("election")
                .withContainerPort(Blueprint.ELECTION_PORT)
                .withProtocol("TCP")
                .endPort()
                .withNewReadinessProbe()
                .withNewTcpSocket()
                .withNewPort("client")
                .endTcpSocket()
                .withPeriodSeconds(5)
                .endReadinessProbe()
                .withNewResources()
                .withRequests(blueprint.spec().resources().requests())
                .withLimits(blueprint.spec().resources().limits())
                .endResources()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withVolumeMounts(mounts(blueprint))
                .build();
    }

    /** The heap follows the memory limit. ZooKeeper's script wants megabytes, so without a limit it keeps its default. */
    private static List<EnvVar> environment(Blueprint blueprint) {
        if (blueprint.spec().engine() == Engine.PADDOCK) {
            return List.of(variable("PADDOCK_JAVA_OPTS", "-XX:MaxRAMPercentage=70"));
        }
        return Optional.ofNullable(blueprint.spec().resources().limits().get("memory"))
                .map(Quantity::getNumericalAmount)
                .map(bytes -> bytes.multiply(new BigDecimal("0.7")).longValue() >> 20)
                .map(megabytes -> List.of(variable("ZK_SERVER_HEAP", String.valueOf(megabytes))))
                .orElse(List.of());
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static List<VolumeMount> mounts(Blueprint blueprint) {
        List<VolumeMount> both = List.of(
                mount(DATA, "/data", ""),
                mount(IDENTITY, "/data/myid", "myid"),
                mount(CONFIG, "/conf/zoo.cfg", "zoo.cfg"),
                mount(TMP, "/tmp", ""));
        return blueprint.spec().engine() == Engine.PADDOCK ? both : with(both, mount(LOGS, "/logs", ""));
    }

    private static List<Volume> volumes(Blueprint blueprint) {
        List<Volume> both = List.of(
                new VolumeBuilder()
                        .withName(CONFIG)
                        .withNewConfigMap()
                        .withName(blueprint.configMapName())
                        .endConfigMap()
                        .build(),
                new VolumeBuilder()
                        .withName(IDENTITY)
                        .withNewDownwardAPI()
                        .addNewItem()
                        .withPath("myid")
                        .withNewFieldRef()
                        .withFieldPath("metadata.labels['" + Labels.POD_INDEX + "']")
                        .endFieldRef()
                        .endItem()
                        .endDownwardAPI()
                        .build(),
                scratch(TMP));
        return blueprint.spec().engine() == Engine.PADDOCK ? both : with(both, scratch(LOGS));
    }

    private static Volume scratch(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withSizeLimit(new Quantity("64Mi"))
                .endEmptyDir()
                .build();
    }

    /** One file of a volume if {@code file} is not empty; it is read-only then, and does not change under the server. */
    private static VolumeMount mount(String volume, String path, String file) {
        VolumeMountBuilder mount = new VolumeMountBuilder().withName(volume).withMountPath(path);
        return file.isEmpty()
                ? mount.build()
                : mount.withSubPath(file).withReadOnly(true).build();
    }

    /** Soft: an ensemble on one node is better than none. */
    private static TopologySpreadConstraint spread(Blueprint blueprint, String key) {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey(key)
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(Labels.pods(blueprint.name()))
                .endLabelSelector()
                .build();
    }

    private static <T> List<T> with(List<T> list, T one) {
        return Stream.concat(list.stream(), Stream.of(one)).toList();
    }
}
