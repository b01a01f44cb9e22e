package dev.paddock.operator.ensemble;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.crds.Tls;
import dev.paddock.operator.planner.Membership;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that decides a cluster's objects.
 *
 * @param uid the CoordinationCluster's; its volumes carry it
 * @param roster who the members are. Not simply the replicas asked for: members of a running ensemble change by
 *     reconfiguration, and its objects follow
 * @param version image tag of the server
 * @param release the operator's own version, whose image prepares the volumes
 * @param nodeImage Paddock's servers, without a tag
 * @param credentials changes when the servers have to learn new ones
 * @param memberKeys changes when the members have to learn new keys of each other; empty where they speak without TLS
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
        String nodeImage,
        String credentials,
        String memberKeys,
        String restartedAt) {
    /** Paddock's servers as a release names them. */
    public static final String NODE_IMAGE = "paddock/node";
    /** Where clients, and four letter words, are answered. */
    public static final int CLIENT_PORT = 2181;
    /** Where clients come in by TLS. */
    public static final int SECURE_CLIENT_PORT = 2281;
    /** Name of that port on pods that have it. */
    public static final String SECURE_CLIENT = "secure-client";
    /** Where admin commands are answered. */
    public static final int ADMIN_PORT = 8080;

    /** On a cluster, and on the pods that were made since: when people wanted all servers restarted. */
    public static final String RESTARTED_AT = "paddock.dev/restartedAt";

    static final int QUORUM_PORT = 2888;
    static final int ELECTION_PORT = 3888;
    static final int METRICS_PORT = 7000;

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
                NODE_IMAGE,
                credentials,
                "",
                Optional.ofNullable(metadata.getAnnotations())
                        .map(annotations -> annotations.get(RESTARTED_AT))
                        .orElse(""));
    }

    /** The same without TLS. */
    public Blueprint withoutTls() {
        return new Blueprint(
                name,
                namespace,
                uid,
                roster,
                spec.withoutTls(),
                version,
                release,
                nodeImage,
                credentials,
                memberKeys,
                restartedAt);
    }

    /** The same with Paddock's servers of another registry. */
    public Blueprint withNodeImage(String image) {
        return new Blueprint(
                name, namespace, uid, roster, spec, version, release, image, credentials, memberKeys, restartedAt);
    }

    /** The same with members that speak TLS with each other. */
    public Blueprint withMemberKeys(String word) {
        return new Blueprint(
                name, namespace, uid, roster, spec, version, release, nodeImage, credentials, word, restartedAt);
    }

    /** Whether the members speak TLS with each other. */
    public boolean hasMemberKeys() {
        return !memberKeys.isEmpty();
    }

    /** TLS for clients, if there is any. */
    public Optional<Tls.ClientTls> tls() {
        return spec.tls().askedClient();
    }

    /** Whether clients come in by TLS only. */
    public boolean isClosed() {
        return tls().filter(Tls.ClientTls::required).isPresent();
    }

    /** Pods that are to run: none while the cluster hibernates. */
    public int replicas() {
        return spec.replicas() == 0 ? 0 : roster.podsWanted();
    }

    /** Host name of a member, the same before and after its pod is replaced. */
    public String host(int id) {
        return host(name, namespace, id);
    }

    /** The same of a member of a cluster of that name. */
    public static String host(String cluster, String namespace, int id) {
        return cluster + "-" + id + "." + peerServiceName(cluster) + "." + namespace + ".svc";
    }

    /**
     * The line by which {@code zoo.cfg} and a reconfiguration name a member. Where clients come in by TLS only, the port without it is
     * no port but for the server's own pod.
     */
    public String line(int id, boolean votes) {
        return line(id, votes, isClosed());
    }

    private String line(int id, boolean votes, boolean closed) {
        return "server.%d=%s:%d:%d:%s;%s:%d"
                .formatted(
                        id,
                        host(id),
                        QUORUM_PORT,
                        ELECTION_PORT,
                        votes ? "participant" : "observer",
                        closed ? Membership.LOOPBACK : "0.0.0.0",
                        CLIENT_PORT);
    }

    /** The lines of the members as they are, with their ports without TLS open or closed as is wanted. */
    public String lines() {
        var members = roster.members();
        return members.ids()
                .mapToObj(id -> line(id, members.voters().contains(id)))
                .collect(Collectors.joining(","));
    }

    /** All members as {@code /zookeeper/config} shows them: their lines by id, then the version. */
    String membersText() {
        var members = roster.members();
        boolean neverChanged = members.version() == 0; // so that servers start with what is here, and as is wanted
        return members.ids()
                        .mapToObj(id -> line(
                                id,
                                members.voters().contains(id),
                                neverChanged ? isClosed() : members.closed().contains(id)))
                        .collect(Collectors.joining("\n"))
                + "\nversion=" + Long.toHexString(members.version()) + "\n";
    }

    /** The ids of the roster as text. */
    String knownText() {
        return Stream.of(roster.known().toArray()).map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Where clients connect. */
    public String endpoint() {
        return isClosed() ? secureEndpoint(name, namespace) : endpoint(name, namespace);
    }

    /** Where clients connect by TLS, if there is any. */
    public Optional<String> secureEndpoint() {
        return tls().map(tls -> secureEndpoint(name, namespace));
    }

    /** Where clients of a cluster of that name connect by TLS. */
    public static String secureEndpoint(String name, String namespace) {
        return clientHost(name, namespace) + ":" + SECURE_CLIENT_PORT;
    }

    /** The name by which clients know the servers of a cluster of that name. */
    public static String clientHost(String name, String namespace) {
        return clientServiceName(name) + "." + namespace + ".svc";
    }

    /** Where clients of a cluster of that name connect. */
    public static String endpoint(String name, String namespace) {
        return clientHost(name, namespace) + ":" + CLIENT_PORT;
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

    /** Holds what the servers' TLS is made of, see {@link dev.paddock.operator.certificates.KeyFiles}. */
    public String keysName() {
        return keysName(name);
    }

    /** The same of a cluster of that name. */
    public static String keysName(String cluster) {
        return cluster + "-keys";
    }

    /** Of a cluster of that name: holds the keys of its members, see {@link dev.paddock.operator.certificates.MemberKeys}. */
    public static String memberKeysName(String cluster) {
        return cluster + "-members";
    }

    /** Likewise, the key of the authority that signs those. */
    public static String authorityName(String cluster) {
        return cluster + "-authority";
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
        return peerServiceName(name);
    }

    private static String peerServiceName(String cluster) {
        return cluster + "-peers";
    }

    String clientServiceName() {
        return clientServiceName(name);
    }
}
