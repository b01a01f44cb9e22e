package dev.paddock.operator.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.paddock.crds.Tls.ClientTls;
import dev.paddock.crds.Tls.Verify;
import dev.paddock.operator.ensemble.Blueprint;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Adds the sidecar to a pod. It works on the pod's JSON, so that fields this program does not know stay as they are; and it adds
 * what is missing, so that a second pass over its own work, or over what another webhook made of it, changes nothing that is
 * right.
 *
 * @param image of the sidecar
 * @param version noted on injected pods
 */
record Injector(String image, String version) {
    private static final ObjectMapper KUBERNETES = mapper();
    /** Far above what a pod has. Comparing takes the square of it. */
    private static final int ENTRIES_MAX = 500;

    /**
     * A CoordinationCluster that is there.
     *
     * @param tls for clients, if its spec asks for it
     */
    record Cluster(String name, Optional<ClientTls> tls) {}

    private static ObjectMapper mapper() {
        ObjectMapper json = new ObjectMapper();
        new KubernetesSerialization(json, false);
        return json;
    }

    /**
     * The pod with its sidecar.
     *
     * @param clusters those of a namespace
     * @throws Wish.Refused if the pod cannot have one; says why and what to change
     */
    ObjectNode inject(ObjectNode pod, String namespace, Function<String, List<Cluster>> clusters) throws Wish.Refused {
        refuseWhatCannotWork(pod);
        Wish wish = Wish.of(annotations(pod));
        List<Cluster> all = clusters.apply(namespace);
        String cluster = wish.cluster().isPresent()
                ? wish.cluster().get()
                : only(all.stream().map(Cluster::name).toList(), namespace);
        Sidecar sidecar = new Sidecar(image, server(cluster, namespace, all, wish), wish);
        ObjectNode injected = pod.deepCopy();
        ObjectNode spec = injected.withObject("/spec");
        for (var volume : sidecar.volumes()) put(spec.withArray("volumes"), KUBERNETES.valueToTree(volume));
        mount(spec, sidecar);
        container(spec, KUBERNETES.valueToTree(sidecar.container()));
        injected.withObject("/metadata").withObject("/annotations").put(Wish.INJECTED, version);
        return injected;
    }

    private static void refuseWhatCannotWork(ObjectNode pod) throws Wish.Refused {
        JsonNode spec = pod.path("spec");
        if (spec.path("hostNetwork").asBoolean())
            throw new Wish.Refused(
                    "a pod with hostNetwork cannot have the sidecar, which every process of the node could reach;"
                            + " remove hostNetwork or the label " + Wish.LABEL);
        if (spec.path("os").path("name").asText().equals("windows"))
            throw new Wish.Refused("the sidecar runs on Linux only; remove the label " + Wish.LABEL);
        for (JsonNode list : List.of(spec.path("containers"), spec.path("initContainers"), spec.path("volumes"))) {
            if (list.size() > ENTRIES_MAX)
                throw new Wish.Refused(
                        "the pod has " + list.size() + " containers or volumes, more than " + ENTRIES_MAX);
        }
        boolean ours = pod.path("metadata").path("annotations").has(Wish.INJECTED);
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode container : spec.path(list)) {
                boolean named = container.path("name").asText().equals(Sidecar.NAME);
                if (named && !(ours && list.equals("initContainers")))
                    throw new Wish.Refused(
                            "a container is called " + Sidecar.NAME + ", which is the sidecar's name; rename it");
            }
        }
    }

    /** By TLS as soon as the cluster is to have it, so that no pod is left out when the port without it is closed. */
    private static Sidecar.Server server(String name, String namespace, List<Cluster> all, Wish wish)
            throws Wish.Refused {
        Optional<ClientTls> tls = all.stream()
                .filter(cluster -> cluster.name().equals(name))
                .findFirst()
                .flatMap(Cluster::tls);
        if (tls.isEmpty()) {
            if (wish.key().isPresent())
                throw new Wish.Refused(Wish.TLS_SECRET + ": CoordinationCluster " + name
                        + " has no TLS for clients; remove the annotation, or set its spec.tls.client");
            return new Sidecar.Server(Blueprint.endpoint(name, namespace), Optional.empty());
        }
        if (tls.get().verify() == Verify.REQUIRED && wish.key().isEmpty())
            throw new Wish.Refused("CoordinationCluster " + name + " takes only clients with a certificate of their"
                    + " own; name a Secret with tls.crt and tls.key with the annotation " + Wish.TLS_SECRET);
        return new Sidecar.Server(Blueprint.secureEndpoint(name, namespace), Optional.of(Blueprint.keysName(name)));
    }

    private static Map<String, String> annotations(ObjectNode pod) {
        Map<String, String> annotations = new TreeMap<>();
        pod.path("metadata")
                .path("annotations")
                .properties()
                .forEach(each -> annotations.put(each.getKey(), each.getValue().asText()));
        return annotations;
    }

    private static String only(List<String> clusters, String namespace) throws Wish.Refused {
        if (clusters.size() == 1) return clusters.getFirst();
        throw new Wish.Refused(
                clusters.isEmpty()
                        ? "there is no CoordinationCluster in namespace " + namespace
                                + "; make one, or say with the annotation " + Wish.CLUSTER + " which one will be there"
                        : "choose one of the namespace's CoordinationClusters with the annotation " + Wish.CLUSTER
                                + ": "
                                + String.join(
                                        ", ",
                                        clusters.stream().sorted().limit(10).toList()));
    }

    /** All containers but the sidecar see the projections. */
    private static void mount(ObjectNode spec, Sidecar sidecar) throws Wish.Refused {
        if (sidecar.mountsOfOthers().isEmpty()) return;
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                if (container.path("name").asText().equals(Sidecar.NAME) || !(container instanceof ObjectNode object))
                    continue;
                for (var mount : sidecar.mountsOfOthers())
                    add(object, mount.getMountPath(), KUBERNETES.valueToTree(mount));
            }
        }
    }

    private static void add(ObjectNode container, String folder, ObjectNode mount) throws Wish.Refused {
        if (container.path("volumeMounts").size() > ENTRIES_MAX)
            throw new Wish.Refused("a container has more than " + ENTRIES_MAX + " volume mounts");
        for (JsonNode other : container.path("volumeMounts")) {
            if (!other.path("mountPath").asText().equals(folder)) continue;
            if (other.path("name").equals(mount.path("name"))) return;
            throw new Wish.Refused(
                    "container " + Wish.shown(container.path("name").asText()) + " already mounts something at "
                            + folder + "; give the projection another dir");
        }
        container.withArray("volumeMounts").add(mount);
    }

    /** First of all, so that init containers have it too. */
    private static void container(ObjectNode spec, ObjectNode sidecar) {
        ArrayNode all = spec.withArray("initContainers");
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).path("name").asText().equals(Sidecar.NAME)) return;
        }
        all.insert(0, sidecar);
    }

    /** Adds it, in the place of one of the same name. */
    private static void put(ArrayNode list, ObjectNode named) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).path("name").equals(named.path("name"))) {
                list.set(i, named);
                return;
            }
        }
        list.add(named);
    }

    /** Whether the pod asks for a sidecar. */
    static boolean isWanted(JsonNode pod) {
        return Optional.of(pod.path("metadata").path("labels").path(Wish.LABEL).asText())
                .filter("true"::equals)
                .isPresent();
    }
}
