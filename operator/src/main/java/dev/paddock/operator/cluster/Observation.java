package dev.paddock.operator.cluster;

import dev.paddock.operator.cluster.Servers.Place;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Labels;
import dev.paddock.operator.ensemble.Roster;
import dev.paddock.operator.planner.Abilities;
import dev.paddock.operator.planner.Membership;
import dev.paddock.operator.planner.ObservedEnsemble;
import dev.paddock.operator.planner.ObservedServer;
import dev.paddock.operator.planner.Role;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.netty.handler.ssl.SslContext;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The servers of a cluster at one moment, read from the API server and from the servers themselves, not from a cache.
 *
 * @param pods by member id; those being deleted are not among them
 * @param reports by member id; only of those that serve
 * @param committed zxid that the leader had applied before the others were asked for theirs; empty if nobody leads
 * @param members as the leader has committed them; empty if nobody leads, or it did not say
 * @param tls how to speak with those that have a port for it; empty where that is not known
 */
record Observation(
        SortedMap<Integer, Pod> pods,
        SortedMap<Integer, Report> reports,
        Optional<Long> committed,
        Optional<Membership> members,
        Optional<SslContext> tls) {

    Observation {
        pods = Collections.unmodifiableSortedMap(new TreeMap<>(pods));
        reports = Collections.unmodifiableSortedMap(new TreeMap<>(reports));
    }

    /** Lists the pods of a cluster; asks the leader, then all servers at the same time. */
    static Observation take(
            String namespace, String cluster, Optional<SslContext> tls, KubernetesClient client, Servers servers) {
        SortedMap<Integer, Pod> pods = new TreeMap<>();
        Pattern name = Pattern.compile(Pattern.quote(cluster) + "-([1-9][0-9]{0,8})");
        List<Pod> listed = client.pods()
                .inNamespace(namespace)
                .withLabels(Labels.pods(cluster))
                .list()
                .getItems();
        for (Pod pod : listed) {
            Matcher matcher = name.matcher(pod.getMetadata().getName());
            if (matcher.matches() && pod.getMetadata().getDeletionTimestamp() == null) {
                pods.put(Integer.valueOf(matcher.group(1)), pod);
            }
        }
        return of(pods, tls, servers);
    }

    private static Observation of(SortedMap<Integer, Pod> pods, Optional<SslContext> tls, Servers servers) {
        SortedMap<Integer, Report> first = ask(pods, tls, servers::report);
        Optional<Integer> leader = leader(first);
        Optional<Long> committed =
                leader.map(id -> rung(address(pods.get(id), tls).orElseThrow(), first.get(id), servers));
        SortedMap<Integer, Report> reports = leader.isEmpty() ? first : ask(pods, tls, servers::report);
        Optional<Membership> members =
                leader(reports).flatMap(id -> address(pods.get(id), tls)).flatMap(servers::members);
        return new Observation(pods, reports, committed, members, tls);
    }

    /** What a leader has applied, once that is a transaction that others can show to have. */
    private static long rung(Place leader, Report report, Servers servers) {
        if (!report.isUnrung()) return report.zxid();
        servers.ring(leader);
        return servers.report(leader).map(Report::zxid).orElse(report.zxid());
    }

    /** As the planner wants it. */
    ObservedEnsemble ensemble(Blueprint blueprint) {
        Roster roster = blueprint.roster();
        List<ObservedServer> servers = pods.entrySet().stream()
                .map(entry -> server(entry.getKey(), entry.getValue(), blueprint.restartedAt()))
                .toList();
        boolean handsOver = reports.keySet().stream().allMatch(id -> PodStates.runsPaddock(pods.get(id)));
        return new ObservedEnsemble(
                roster.members().voters(), roster.members().observers(), servers, new Abilities(true, handsOver));
    }

    /** The id of the one that leads in the newest epoch; a leader of an older one has not noticed yet that it lost. */
    Optional<Integer> leader() {
        return leader(reports);
    }

    private static Optional<Integer> leader(SortedMap<Integer, Report> reports) {
        return reports.entrySet().stream()
                .filter(entry -> entry.getValue().role() == Role.LEADER)
                .max(Comparator.comparingLong(entry -> entry.getValue().epoch()))
                .map(Map.Entry::getKey);
    }

    /** Whether a quorum of those members serves, and none of all servers knows an epoch newer than the leader's: it is not deposed. */
    boolean isLedByQuorum(Membership committed) {
        Optional<Long> epoch = leader().map(id -> reports.get(id).epoch());
        boolean newest =
                epoch.isPresent() && reports.values().stream().allMatch(report -> report.epoch() <= epoch.get());
        long live = committed.voters().stream()
                .filter(id -> role(id) == Role.LEADER || role(id) == Role.FOLLOWER)
                .count();
        return newest && live >= ObservedEnsemble.quorum(committed.voters().size());
    }

    Optional<Place> address(int id) {
        return Optional.ofNullable(pods.get(id)).flatMap(pod -> address(pod, tls));
    }

    /** Those that answer as part of an ensemble. */
    List<Place> serving() {
        return reports.keySet().stream().flatMap(id -> address(id).stream()).toList();
    }

    Role role(int id) {
        Report report = reports.get(id);
        if (report == null) return Role.UNKNOWN;
        boolean deposed = report.role() == Role.LEADER && !leader().equals(Optional.of(id));
        return deposed ? Role.LOOKING : report.role();
    }

    /** Transactions that the leader had and this server did not; empty where their epochs differ, or it does not serve. */
    Optional<Long> lag(int id) {
        Optional<Report> report = Optional.ofNullable(reports.get(id));
        if (report.isEmpty() || committed.isEmpty()) return Optional.empty();
        if (report.get().zxid() >= committed.get()) return Optional.of(0L);
        boolean comparable = report.get().epoch() == committed.get() >>> 32;
        return comparable ? Optional.of(committed.get() - report.get().zxid()) : Optional.empty();
    }

    private ObservedServer server(int id, Pod pod, String restartedAt) {
        boolean serving = reports.containsKey(id) && leader().isPresent() && role(id) != Role.LOOKING;
        boolean inSync = serving && lag(id).equals(Optional.of(0L));
        String revision = pod.getMetadata().getLabels().getOrDefault(Labels.REVISION, "");
        boolean asked = !restartedAt.isEmpty() && !restartedAt.equals(PodStates.restartedAt(pod));
        return new ObservedServer(id, role(id), serving, inSync, revision, !serving && PodStates.isWiped(pod), asked);
    }

    private static <T> SortedMap<Integer, T> ask(
            SortedMap<Integer, Pod> pods, Optional<SslContext> tls, Function<Place, Optional<T>> question) {
        SortedMap<Integer, CompletableFuture<Optional<T>>> answers = new TreeMap<>();
        pods.forEach((id, pod) -> address(pod, tls).ifPresent(server -> {
            CompletableFuture<Optional<T>> answer = new CompletableFuture<>();
            answers.put(id, answer);
            Thread.ofVirtual().start(() -> {
                try {
                    answer.complete(question.apply(server));
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        }));
        SortedMap<Integer, T> said = new TreeMap<>();
        answers.forEach((id, answer) -> answer.join().ifPresent(one -> said.put(id, one)));
        return said;
    }

    /** By TLS where the pod has a port for it: the other one may be closed. */
    private static Optional<Place> address(Pod pod, Optional<SslContext> tls) {
        return Optional.ofNullable(pod.getStatus())
                .map(status -> status.getPodIP())
                .filter(host -> !host.isEmpty())
                .map(host -> new Place(
                        host, PodStates.hasPort(pod.getSpec(), Blueprint.SECURE_CLIENT) ? tls : Optional.empty()));
    }
}
