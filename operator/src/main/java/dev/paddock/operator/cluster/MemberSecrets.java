package dev.paddock.operator.cluster;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.certificates.MemberKeys;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Ensemble;
import dev.paddock.operator.ensemble.Roster;
import dev.paddock.operator.migration.Release;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The two Secrets of the keys by which the members of one cluster know each other: one with the authority's key, which the operator alone
 * reads, and one of which each member's pod has its own part.
 *
 * @param word of the keys as members have them, or will, see {@link MemberKeys#word}; empty where members speak without TLS
 * @param problem why there are none, and what people can do about it
 */
record MemberSecrets(String word, Optional<String> problem) {
    private static final String BY_HAND = "sslQuorum";

    /** Reads them, and writes what is due. */
    static MemberSecrets of(
            CoordinationCluster cluster,
            Roster roster,
            Observation seen,
            Optional<StatefulSet> set,
            KubernetesClient client,
            Instant now) {
        if (!speakTls(cluster, seen, set)) return new MemberSecrets("", Optional.empty());
        String name = cluster.getMetadata().getName();
        String authority = Blueprint.authorityName(name);
        String members = Blueprint.memberKeysName(name);
        Optional<Secret> secrets = OwnedSecret.read(authority, cluster, client);
        Optional<Secret> files = OwnedSecret.read(members, cluster, client);
        Optional<String> taken = Stream.of(secrets, files)
                .flatMap(Optional::stream)
                .filter(secret -> !OwnedSecret.isOwned(secret, cluster))
                .map(secret -> secret.getMetadata().getName())
                .findFirst();
        if (taken.isPresent()) return problem("Secret " + taken.get() + OwnedSecret.TAKEN);
        Map<String, String> keptSecrets = secrets.map(OwnedSecret::data).orElse(Map.of());
        Map<String, String> keptFiles = files.map(OwnedSecret::data).orElse(Map.of());
        Optional<MemberKeys> kept = MemberKeys.parse(keptSecrets, keptFiles);
        boolean isRunning = !seen.pods().isEmpty() && cluster.getSpec().replicas() > 0;
        if (kept.isEmpty() && isRunning)
            return problem("Secrets " + authority + " and " + members + " are lost, and members that run take nobody"
                    + " with keys that they do not know: put one of the two back, or set spec.replicas to 0, and back"
                    + " when all pods are gone");
        MemberKeys keys = MemberKeys.step(kept, hosts(cluster, roster), now);
        if (!keptSecrets.equals(keys.secrets())) // first: nobody has a key whose authority is not kept
        OwnedSecret.write(authority, keys.secrets(), secrets, cluster, client);
        if (!keptFiles.equals(keys.files())) OwnedSecret.write(members, keys.files(), files, cluster, client);
        return new MemberSecrets(keys.word(), Optional.empty());
    }

    private static MemberSecrets problem(String problem) {
        return new MemberSecrets("", Optional.of(problem));
    }

    /**
     * Who speaks TLS and who does not do not understand each other, so members go on as those that run, and a cluster changes over only
     * while none runs and none is about to.
     */
    private static boolean speakTls(CoordinationCluster cluster, Observation seen, Optional<StatefulSet> set) {
        if (!seen.pods().isEmpty())
            return seen.pods().values().stream().anyMatch(pod -> Ensemble.hasMemberKeys(pod.getSpec()));
        Optional<StatefulSet> awake = set.filter(made -> !isAsleep(made));
        return awake.map(made ->
                        Ensemble.hasMemberKeys(made.getSpec().getTemplate().getSpec()))
                .orElseGet(() -> wantTls(cluster.getSpec()));
    }

    /** Whether its controller knows that it is to make no pod. */
    private static boolean isAsleep(StatefulSet set) {
        return Integer.valueOf(0).equals(set.getSpec().getReplicas())
                && set.getStatus() != null
                && Objects.equals(
                        set.getStatus().getObservedGeneration(),
                        set.getMetadata().getGeneration());
    }

    /** Not if people see to it by themselves. A ZooKeeper before 3.9 looks up what the address of a member is called, and a pod's is called otherwise. */
    private static boolean wantTls(ClusterSpec spec) {
        boolean isAble = switch (spec.engine()) {
            case PADDOCK -> true;
            case ZOOKEEPER ->
                spec.askedVersion()
                        .flatMap(Release::parse)
                        .filter(Release::mayBeMixed)
                        .isPresent();
        };
        return isAble && !spec.config().containsKey(BY_HAND);
    }

    private static SortedMap<Integer, String> hosts(CoordinationCluster cluster, Roster roster) {
        var spec = cluster.getSpec();
        int wanted = Math.max(roster.pods(), spec.replicas() + spec.observers());
        var metadata = cluster.getMetadata();
        SortedMap<Integer, String> hosts = new TreeMap<>();
        IntStream.concat(
                        IntStream.rangeClosed(1, wanted),
                        IntStream.concat(
                                roster.members().ids(), roster.known().stream().mapToInt(Integer::intValue)))
                .forEach(id -> hosts.put(id, Blueprint.host(metadata.getName(), metadata.getNamespace(), id)));
        return hosts;
    }
}
