package dev.paddock.operator.cluster;

import dev.paddock.operator.cluster.Probe.Report;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Labels;
import dev.paddock.operator.planner.Abilities;
import dev.paddock.operator.planner.ObservedEnsemble;
import dev.paddock.operator.planner.ObservedServer;
import dev.paddock.operator.planner.Role;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * The servers of a cluster at one moment, read from the API server and from the servers themselves, not from a cache.
 *
 * @param pods by member id; those being deleted are not among them
 * @param reports by member id; only of those that serve
 */
record Observation(Blueprint blueprint, Map<Integer, Pod> pods, Map<Integer, Report> reports) {

    /** Lists the pods, and asks all servers at the same time. */
    static Observation take(Blueprint blueprint, KubernetesClient client, Probe probe) {
        Map<Integer, Pod> pods = new TreeMap<>();
        List<Pod> listed = client.pods()
                .inNamespace(blueprint.namespace())
                .withLabels(Labels.pods(blueprint.name()))
                .list()
                .getItems();
        for (Pod pod : listed) {
            if (pod.getMetadata().getDeletionTimestamp() == null) pods.put(id(pod), pod);
        }
        return new Observation(blueprint, pods, ask(pods, probe));
    }

    /** As the planner wants it. */
    ObservedEnsemble ensemble() {
        List<ObservedServer> servers = pods.entrySet().stream()
                .map(entry -> server(entry.getKey(), entry.getValue()))
                .toList();
        return new ObservedEnsemble(blueprint.voters(), new TreeSet<>(), servers, Abilities.NONE);
    }

    /** The newest epoch that a leader reports; a leader of an older one has not noticed yet that it lost. */
    Optional<Map.Entry<Integer, Report>> leader() {
        return reports.entrySet().stream()
                .filter(entry -> entry.getValue().role() == Role.LEADER)
                .max(Comparator.comparingLong(entry -> entry.getValue().epoch()));
    }

    Role role(int id) {
        Report report = reports.get(id);
        return report == null ? Role.UNKNOWN : report.role();
    }

    private ObservedServer server(int id, Pod pod) {
        String revision = pod.getMetadata().getLabels().getOrDefault(Labels.REVISION, "");
        Optional<Report> report = Optional.ofNullable(reports.get(id));
        long newest = leader().map(leader -> leader.getValue().epoch()).orElse(-1L);
        boolean serving = report.isPresent() && newest >= 0;
        boolean inSync = serving && report.get().epoch() == newest;
        return new ObservedServer(id, role(id), serving, inSync, revision);
    }

    private static Map<Integer, Report> ask(Map<Integer, Pod> pods, Probe probe) {
        Map<Integer, CompletableFuture<Optional<Report>>> answers = new LinkedHashMap<>();
        pods.forEach((id, pod) -> {
            String host = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
            if (host == null || host.isEmpty()) return;
            CompletableFuture<Optional<Report>> answer = new CompletableFuture<>();
            answers.put(id, answer);
            Thread.ofVirtual().start(() -> answer.complete(probe.ask(host)));
        });
        Map<Integer, Report> reports = new TreeMap<>();
        answers.forEach((id, answer) -> answer.join().ifPresent(report -> reports.put(id, report)));
        return reports;
    }

    private static int id(Pod pod) {
        String name = pod.getMetadata().getName();
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }
}
