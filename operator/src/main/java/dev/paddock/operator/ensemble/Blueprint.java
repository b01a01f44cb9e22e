package dev.paddock.operator.ensemble;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.CoordinationCluster;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * All that decides a cluster's objects.
 *
 * @param uid the CoordinationCluster's; its volumes carry it
 * @param roster who the members are. Not simply the replicas asked for: members of a running ensemble change by
 *     reconfiguration, and its objects follow
 * @param version image tag of the server
 * @param release the operator's own version, whose image prepares the volumes
 * @param credentials changes when the servers have to learn new ones
 * @param restartedAt changes when people want all servers restarted; may be empty
 */
public record Blueprint(
        String name,
        String namespace,
        String uid,
        Roster roster,
        ClusterSpec spec,
        String version,
        String release,
        String credentials,
        String restartedAt) {
    /** Where clients, and four letter words, are answered. */
    public static final int CLIENT_PORT = 2181;
    /** Where admin commands are answered. */
    public static final int ADMIN_PORT = 8080;

    static final int QUORUM_PORT = 2888;
    static final int ELECTION_PORT = 3888;
    static final int METRICS_PORT = 7000;

    private static final String RESTARTED_AT = "paddock.dev/restartedAt";

    /**
     * The blueprint of a cluster.
     *
     * @param release the operator's own version, which runs where the spec names none
     */
    public static Blueprint of(CoordinationCluster cluster, Roster roster, String credentials, String release) {
        var metadata = cluster.getMetadata();
        return new Blueprint(
                metadata.getName(),
                metadata.getNamespace(),
                Optional.ofNullable(metadata.getUid()).orElse(""),
                roster,
                cluster.getSpec(),
                cluster.getSpec().askedVersion().orElse(release),
                release,
                credentials,
                Optional.ofNullable(metadata.getAnnotations())
                        .map(annotations -> annotations.get(RESTARTED_AT))
                        .orElse(""));
    }

    /** Pods that are to run: none while the cluster hibernates. */
    public int replicas() {
        return spec.replicas() == 0 ? 0 : roster.podsWanted();
    }

    /** Host name of a member, the same before and after its pod is replaced. */
    public String host(int id) {
        return name + "-" + id + "." + peerServiceName() + "." + namespace + ".svc";
    }

    /** The line by which {@code zoo.cfg} and a reconfiguration name a member. */
    public String line(int id, boolean votes) {
        return "server.%d=%s:%d:%d:%s;0.0.0.0:%d"
                .formatted(id, host(id), QUORUM_PORT, ELECTION_PORT, votes ? "participant" : "observer", CLIENT_PORT);
    }

    /** All members as {@code /zookeeper/config} shows them: their lines by id, then the version. */
    String membersText() {
        var members = roster.members();
        return IntStream.concat(
                                members.voters().stream().mapToInt(Integer::intValue),
                                members.observers().stream().mapToInt(Integer::intValue))
                        .sorted()
                        .mapToObj(id -> line(id, members.voters().contains(id)))
                        .collect(Collectors.joining("\n"))
                + "\nversion=" + Long.toHexString(members.version()) + "\n";
    }

    /** The ids of the roster as text. */
    String knownText() {
        return Stream.of(roster.known().toArray()).map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Where clients connect. */
    public String endpoint() {
        return endpoint(name, namespace);
    }

    /** Where clients of a cluster of that name connect. */
    public static String endpoint(String name, String namespace) {
        return clientServiceName(name) + "." + namespace + ".svc:" + CLIENT_PORT;
    }

    private static String clientServiceName(String name) {
        return name + "-client";
    }

    /** Holds the password by which the operator changes members, and its digest, which the servers know. */
    public String secretName() {
        return secretName(name);
    }

    /** The same of a cluster of that name. */
    public static String secretName(String cluster) {
        return cluster + "-super";
    }

    /** Holds {@code zoo.cfg} and the roster. */
    public String configMapName() {
        return configMapName(name);
    }

    /** The same of a cluster of that name. */
    public static String configMapName(String cluster) {
        return cluster + "-config";
    }

    /** A member's volume, as the StatefulSet controller names the claim. */
    public String claimName(int id) {
        return Volumes.DATA + "-" + name + "-" + id;
    }

    String peerServiceName() {
        return name + "-peers";
    }

    String clientServiceName() {
        return clientServiceName(name);
    }
}
