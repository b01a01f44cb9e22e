package dev.paddock.operator.injection;

import dev.paddock.crds.ConfigSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pod's annotations ask of its sidecar.
 *
 * @param cluster the cluster it talks to; empty: the namespace's only one
 * @param key     Secret with {@code tls.crt} and {@code tls.key}, which the sidecar shows to servers that ask for it
 * @param projections in the order of their names
 */
record Wish(
        Optional<String> cluster, Optional<String> key, List<Projection> projections, ResourceRequirements resources) {
    static final String LABEL = "paddock.dev/inject";
    static final String CLUSTER = "paddock.dev/cluster";
    static final String TLS_SECRET = "paddock.dev/tls-secret";
    static final String PROJECT = "paddock.dev/project.";
    static final String RESOURCES = "paddock.dev/resources";
    /** On pods that have been injected: the version that did it. */
    static final String INJECTED = "paddock.dev/injected";

    private static final int PROJECTIONS_MAX = 20;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?");
    private static final Pattern CLUSTER_NAME = Pattern.compile("[a-z]([-a-z0-9]{0,38}[a-z0-9])?");
    private static final Pattern SECRET_NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Pattern FOLDER = Pattern.compile("(/[A-Za-z0-9._-]{1,128}){1,16}");
    private static final Pattern AMOUNT =
            Pattern.compile("(requests|limits)\\.(cpu|memory)=([0-9]{1,12}(\\.[0-9]{1,3})?(m|k|Ki|M|Mi|G|Gi)?)");
    private static final Map<String, String> DEFAULTS =
            Map.of("requests.cpu", "10m", "requests.memory", "96Mi", "limits.memory", "192Mi");

    /**
     * A subtree that is kept as files.
     *
     * @param name of the annotation, and of the volume
     * @param path its znode
     * @param folder where the pod's containers see the files
     */
    record Projection(String name, String path, String folder) {}

    /** What is wrong with the annotations, as a sentence that says how to mend it. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * Reads a pod's annotations; those of others are passed over.
     *
     * @throws Refused naming the annotation, what is wrong with it and what would be right
     */
    static Wish of(Map<String, String> annotations) throws Refused {
        Optional<String> cluster = Optional.ofNullable(annotations.get(CLUSTER));
        if (cluster.isPresent() && !CLUSTER_NAME.matcher(cluster.get()).matches())
            throw new Refused(CLUSTER + ": " + shown(cluster.get()) + " is no name of a CoordinationCluster");
        Optional<String> key = Optional.ofNullable(annotations.get(TLS_SECRET));
        if (key.isPresent() && !SECRET_NAME.matcher(key.get()).matches())
            throw new Refused(TLS_SECRET + ": " + shown(key.get()) + " is no name of a Secret");
        List<Projection> projections = new ArrayList<>();
        for (Map.Entry<String, String> entry : new TreeMap<>(annotations).entrySet()) {
            if (entry.getKey().startsWith(PROJECT)) projections.add(projection(entry.getKey(), entry.getValue()));
            else if (entry.getKey().startsWith("paddock.dev/") && !known(entry.getKey()))
                throw new Refused("annotation " + shown(entry.getKey()) + " is not known; those for a pod are "
                        + CLUSTER + ", " + PROJECT + "NAME, " + RESOURCES + " and " + TLS_SECRET);
        }
        if (projections.size() > PROJECTIONS_MAX)
            throw new Refused("at most " + PROJECTIONS_MAX + " projections are possible, found " + projections.size());
        return new Wish(cluster, key, apart(projections), resources(annotations.getOrDefault(RESOURCES, "")));
    }

    private static boolean known(String annotation) {
        return List.of(CLUSTER, TLS_SECRET, RESOURCES, INJECTED, LABEL).contains(annotation);
    }

    private static Projection projection(String annotation, String value) throws Refused {
        String name = annotation.substring(PROJECT.length());
        if (!NAME.matcher(name).matches())
            throw new Refused("annotation " + shown(annotation)
                    + ": name a projection with at most 40 of a-z, 0-9 and '-', as " + PROJECT + "app");
        SortedMap<String, String> words = new TreeMap<>();
        for (String word : value.split(",", 4)) {
            String[] parts = word.strip().split("=", 2);
            boolean good = parts.length == 2 && (parts[0].equals("path") || parts[0].equals("dir"));
            if (!good || words.putIfAbsent(parts[0], parts[1]) != null)
                throw new Refused(annotation + ": write path=/app,dir=/etc/app, not " + shown(value));
        }
        String path = words.getOrDefault("path", "");
        String folder = words.getOrDefault("dir", "");
        if (path.length() > 512 || !ConfigSpec.isPath(path)) throw new Refused(annotation + ": " + ConfigSpec.PATH_FIX);
        if (!FOLDER.matcher(folder).matches() || folder.matches(".*/\\.\\.?(/.*)?"))
            throw new Refused(
                    annotation + ": dir must be an absolute folder like /etc/app, of letters, digits, '.', '_', '-';"
                            + " found " + shown(folder));
        return new Projection(name, path, folder);
    }

    private static List<Projection> apart(List<Projection> projections) throws Refused {
        for (Projection one : projections) {
            for (Projection other : projections) {
                if (!one.equals(other) && (one.folder() + "/").startsWith(other.folder() + "/"))
                    throw new Refused(PROJECT + one.name() + " and " + PROJECT + other.name()
                            + " share a folder: give each a dir of its own");
            }
        }
        return projections;
    }

    private static ResourceRequirements resources(String value) throws Refused {
        SortedMap<String, String> amounts = new TreeMap<>(DEFAULTS);
        for (String word : value.isBlank() ? new String[0] : value.split(",", 8)) {
            Matcher amount = AMOUNT.matcher(word.strip());
            if (!amount.matches())
                throw new Refused(
                        RESOURCES + ": write requests.cpu=20m,requests.memory=96Mi,limits.cpu=1,limits.memory=192Mi"
                                + " or some of them, not " + shown(value));
            amounts.put(amount.group(1) + "." + amount.group(2), amount.group(3));
        }
        ResourceRequirementsBuilder resources = new ResourceRequirementsBuilder();
        for (String kind : List.of("cpu", "memory")) {
            Quantity request = Quantity.parse(amounts.getOrDefault("requests." + kind, "0"));
            Quantity limit =
                    amounts.containsKey("limits." + kind) ? Quantity.parse(amounts.get("limits." + kind)) : null;
            if (limit != null && limit.getNumericalAmount().compareTo(request.getNumericalAmount()) < 0)
                throw new Refused(
                        RESOURCES + ": limits." + kind + " is below requests." + kind + ", which is " + request);
            resources.addToRequests(kind, request);
            if (limit != null) resources.addToLimits(kind, limit);
        }
        return resources.build();
    }

    /** Hostile text is cut and keeps to one line. */
    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return "\"" + (line.length() <= 80 ? line : line.substring(0, 80) + "…") + "\"";
    }
}
