package dev.paddock.operator.ensemble;

import dev.paddock.crds.Engine;
import dev.paddock.crds.PodTemplate;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The pod of one member. It passes the {@code restricted} Pod Security profile, with a read-only root. Both engines work on the
 * same: {@code /data}, which keeps the same files for both. Before the server starts, Paddock's {@code prepare} looks whether the
 * volume is this member's own, and writes {@code /data/myid} and {@code /data/conf/zoo.cfg}, beside which the server keeps who the
 * members are.
 */
final class ServerPod {
    /** The member's id, in the environment. */
    static final String MEMBER = "PADDOCK_MEMBER";

    private static final long USER = 1000; // as in both images
    /** Pods come back under other addresses, and Java would take the old ones for half a minute. */
    private static final String RESOLVE_ANEW = "-Dsun.net.inetaddr.ttl=1";
    /** Recovery of a large tree takes a while, and who is killed in it begins again: 30 minutes. */
    private static final int STARTING_PERIODS_MAX = 360;

    private static final String MEMBER_KEYS = "paddock.dev/member-keys";

    private ServerPod() {}

    static PodTemplateSpec template(Blueprint blueprint) {
        PodTemplate asked = blueprint.spec().template();
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(with(asked.labels(), Labels.of(blueprint.name())))
                .withAnnotations(with(asked.annotations(), annotations(blueprint)))
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(blueprint.name())
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(30L) // the server hands over and leaves on its own in a few of them
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
                .withImagePullSecrets(asked.imagePullSecrets().stream()
                        .map(LocalObjectReference::new)
                        .toList())
                .withNodeSelector(asked.nodeSelector().isEmpty() ? null : asked.nodeSelector())
                .withTolerations(
                        asked.tolerations().stream().map(ServerPod::toleration).toList())
                .withPriorityClassName(asked.priorityClassName())
                .withAffinity(Placing.affinity(blueprint))
                .withTopologySpreadConstraints(Placing.spread(blueprint))
                .withInitContainers(preparation(blueprint))
                .withContainers(server(blueprint))
                .withVolumes(Volumes.of(blueprint))
                .endSpec()
                .build();
    }

    /** What of a template changes only to have the servers restarted. */
    private static Map<String, String> annotations(Blueprint blueprint) {
        Map<String, String> annotations = new TreeMap<>(Map.of(
                "paddock.dev/config", ZooCfg.digest(ZooCfg.text(blueprint)),
                "paddock.dev/credentials", blueprint.credentials()));
        if (blueprint.hasMemberKeys()) annotations.put(MEMBER_KEYS, blueprint.memberKeys());
        if (!blueprint.restartedAt().isEmpty()) annotations.put(Blueprint.RESTARTED_AT, blueprint.restartedAt());
        return annotations;
    }

    private static Container preparation(Blueprint blueprint) {
        boolean paddock = blueprint.spec().engine() == Engine.PADDOCK;
        return new ContainerBuilder()
                .withName(Preparation.CONTAINER)
                .withImage(paddock ? image(blueprint) : paddockImage(blueprint, blueprint.release()))
                .withImagePullPolicy("IfNotPresent")
                .withArgs("prepare")
                .withEnv(
                        variable("PADDOCK_CLUSTER", blueprint.uid()), member(), variable("JDK_JAVA_OPTIONS", "-Xmx64m"))
                .withTerminationMessagePolicy("FallbackToLogsOnError") // so that the status can say why
                .withNewResources()
                .withRequests(blueprint.spec().resources().requests())
                .withLimits(blueprint.spec().resources().limits())
                .endResources()
                .withSecurityContext(locked())
                .withVolumeMounts(Volumes.ofPreparation())
                .build();
    }

    private static Container server(Blueprint blueprint) {
        boolean paddock = blueprint.spec().engine() == Engine.PADDOCK;
        return new ContainerBuilder()
                .withName("server")
                .withImage(image(blueprint))
                .withImagePullPolicy("IfNotPresent")
                .withArgs(
                        paddock
                                ? List.of("node", Preparation.ZOO_CFG)
                                : List.of("zkServer.sh", "start-foreground", Preparation.ZOO_CFG))
                .withEnv(environment(blueprint))
                .addAllToEnv(blueprint.hasMemberKeys() ? List.of(member()) : List.of())
                .withPorts(
                        port("client", Blueprint.CLIENT_PORT),
                        port("quorum", Blueprint.QUORUM_PORT),
                        port("election", Blueprint.ELECTION_PORT),
                        port("admin", Blueprint.ADMIN_PORT),
                        port("metrics", Blueprint.METRICS_PORT))
                .addAllToPorts(
                        blueprint.tls().map(tls -> port(Blueprint.SECURE_CLIENT, Blueprint.SECURE_CLIENT_PORT)).stream()
                                .toList())
                .withStartupProbe(Probes.alive(blueprint, STARTING_PERIODS_MAX))
                .withLivenessProbe(Probes.alive(blueprint, 6))
                .withReadinessProbe(Probes.serving(blueprint.spec().engine()))
                .withNewResources()
                .withRequests(blueprint.spec().resources().requests())
                .withLimits(blueprint.spec().resources().limits())
                .endResources()
                .withSecurityContext(locked())
                .withVolumeMounts(Volumes.ofServer(blueprint))
                .build();
    }

    private static String image(Blueprint blueprint) {
        return blueprint
                .spec()
                .template()
                .askedImage()
                .orElseGet(() -> blueprint.spec().engine() == Engine.PADDOCK
                        ? paddockImage(blueprint, blueprint.version())
                        : "zookeeper:" + blueprint.version());
    }

    private static String paddockImage(Blueprint blueprint, String tag) {
        return blueprint.nodeImage() + ":" + tag;
    }

    private static SecurityContext locked() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }

    /** The heap follows the memory limit. ZooKeeper's script wants megabytes, so without a limit it keeps its default. */
    private static List<EnvVar> environment(Blueprint blueprint) {
        if (blueprint.spec().engine() == Engine.PADDOCK) {
            return List.of(variable("JDK_JAVA_OPTIONS", "-XX:MaxRAMPercentage=70"));
        }
        Stream<EnvVar> heap =
                Optional.ofNullable(blueprint.spec().resources().limits().get("memory"))
                        .map(Quantity::getNumericalAmount)
                        .map(bytes -> bytes.multiply(new BigDecimal("0.7")).longValue() >> 20)
                        .map(megabytes -> variable("ZK_SERVER_HEAP", String.valueOf(megabytes)))
                        .stream();
        return Stream.concat(heap, Stream.of(variable("SERVER_JVMFLAGS", RESOLVE_ANEW)))
                .toList();
    }

    private static EnvVar member() {
        return new EnvVarBuilder()
                .withName(MEMBER)
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath("metadata.labels['" + Labels.POD_INDEX + "']")
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static Toleration toleration(PodTemplate.Toleration asked) {
        Integer seconds = asked.tolerationSeconds();
        return new TolerationBuilder()
                .withKey(asked.key())
                .withOperator(asked.operator())
                .withValue(asked.value())
                .withEffect(asked.effect())
                .withTolerationSeconds(seconds == null ? null : seconds.longValue())
                .build();
    }

    /** What people ask for, and over it what Paddock needs. */
    private static Map<String, String> with(Map<String, String> asked, Map<String, String> ours) {
        Map<String, String> all = new TreeMap<>(asked);
        all.putAll(ours);
        return all;
    }
}
