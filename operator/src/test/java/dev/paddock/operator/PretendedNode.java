package dev.paddock.operator;

import dev.paddock.client.Reconfiguration;
import dev.paddock.operator.cluster.Report;
import dev.paddock.operator.cluster.Servers;
import dev.paddock.operator.ensemble.Ensemble;
import dev.paddock.operator.ensemble.Labels;
import dev.paddock.operator.ensemble.Preparation;
import dev.paddock.operator.ensemble.Roster;
import dev.paddock.operator.migration.Engine;
import dev.paddock.operator.migration.Finding.Known;
import dev.paddock.operator.migration.Presence;
import dev.paddock.operator.migration.Presence.Digests;
import dev.paddock.operator.migration.Release;
import dev.paddock.operator.planner.Membership;
import dev.paddock.operator.planner.Role;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimList;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a Kubernetes does with the operator's objects, and servers in its pods: a StatefulSet controller, {@code prepare}, and an ensemble
 * that elects, changes its members and hands over. Time passes for it by {@link #tick}. It notes each promise that was broken. All
 * methods may be called by any thread.
 */
final class PretendedNode implements Servers {
    /** The tag of an image that no node can pull: its pods stay as they were made. */
    static final String MISSING = "missing";

    private static final String NO_CONNECTION = "no connection in time";

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final Supplier<Faults> faults; // of what the operator changes of the ensemble
    private final TreeMap<Integer, Boolean> volumes = new TreeMap<>(); // by id: whether a member's data is on it
    private final TreeSet<Integer> running = new TreeSet<>();
    private final TreeSet<Integer> stuck = new TreeSet<>(); // ids whose pods do not start a server again
    private final TreeSet<Integer> held = new TreeSet<>(); // ids whose pods do not start a server until they are let go
    private final TreeMap<Integer, Engine> engines = new TreeMap<>(); // of those that run
    private final TreeMap<Integer, Boolean> secure = new TreeMap<>(); // by id: whether it speaks TLS with the others
    private final TreeMap<Integer, Long> mismatches = new TreeMap<>(); // by id; 0 where there is none
    private final TreeSet<Integer> caughtUp = new TreeSet<>();
    private final List<String> deeds = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private Membership committed = Membership.of(new TreeSet<>());
    private int leader; // 0: none
    private long zxid;
    private boolean hadQuorum;
    private String zookeeper = "3.9.5"; // what all of Apache's say that they are
    private long asked;
    private boolean bearsOutages;
    private boolean provides;

    PretendedNode(KubernetesClient client, String namespace, String name, Supplier<Faults> faults) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.faults = faults;
    }

    /** What the ensemble and the pods went through, in order. */
    synchronized List<String> deeds() {
        return List.copyOf(deeds);
    }

    synchronized void forgetDeeds() {
        deeds.clear();
    }

    /** Promises that were broken; to be empty. */
    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    /** How often somebody asked a server how it is. */
    synchronized long asked() {
        return asked;
    }

    /** From now on nobody minds where no quorum is left. */
    synchronized void bearWithOutages() {
        bearsOutages = true;
    }

    synchronized Membership committed() {
        return committed;
    }

    synchronized int leader() {
        return leader;
    }

    /** What this member counts from now on. */
    synchronized void count(int id, long digestMismatches) {
        mismatches.put(id, digestMismatches);
    }

    /** What all of Apache's say that they are from now on. */
    synchronized void zookeeper(String number) {
        zookeeper = number;
    }

    /** Its server ends, and does not start again in this pod. */
    synchronized void fall(int id) {
        stuck.add(id);
        stop(id);
    }

    /** From now on its server does not start. */
    synchronized void hold(int id) {
        held.add(id);
    }

    synchronized void letGo(int id) {
        held.remove(id);
    }

    /** What runs, by id. */
    synchronized Collection<Engine> engines() {
        return running.stream().map(engines::get).toList();
    }

    /** Gives each member a claim of that size, and one more to a member that has left; from now on volumes become as large as claims ask. */
    synchronized void provide(String size) {
        provides = true;
        for (int id = 1; id <= committed.voters().size() + 1; id++) claim(id, size);
        resizeVolumes();
    }

    /** Gives a member a claim of that size. */
    void claim(int id, String size) {
        client.resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName("data-" + name + "-" + id)
                        .withNamespace(namespace)
                        .withLabels(Labels.pods(name))
                        .endMetadata()
                        .withNewSpec()
                        .withNewResources()
                        .addToRequests("storage", new Quantity(size))
                        .endResources()
                        .endSpec()
                        .build())
                .create();
    }

    /** What claims ask for, by name. */
    List<String> claimed() {
        return claims().list().getItems().stream()
                .sorted(Comparator.comparing(claim -> claim.getMetadata().getName()))
                .map(claim -> asked(claim).toString())
                .toList();
    }

    private void resizeVolumes() {
        for (PersistentVolumeClaim claim : claims().list().getItems()) {
            PersistentVolumeClaimStatus status = new PersistentVolumeClaimStatusBuilder()
                    .addToCapacity("storage", asked(claim))
                    .build();
            if (status.equals(claim.getStatus())) continue;
            claim.setStatus(status);
            client.resource(claim).updateStatus();
        }
    }

    private static Quantity asked(PersistentVolumeClaim claim) {
        return claim.getSpec().getResources().getRequests().get("storage");
    }

    private NonNamespaceOperation<PersistentVolumeClaim, PersistentVolumeClaimList, Resource<PersistentVolumeClaim>>
            claims() {
        return client.persistentVolumeClaims().inNamespace(namespace);
    }

    /** Its claim is deleted and its pod with it. */
    synchronized void loseVolume(int id) {
        volumes.remove(id);
        stop(id);
        client.resource(pod(id)).delete();
    }

    /** Everything at once: a power cut. */
    synchronized void killAll() {
        var all = new TreeSet<>(running);
        running.clear();
        leader = 0;
        hadQuorum = false;
        for (int id : all) client.resource(pod(id)).delete();
    }

    synchronized void tick() {
        StatefulSet set = client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (set == null) return;
        String revision = Integer.toHexString(set.getSpec().getTemplate().hashCode());
        boolean isCurrent = set.getStatus() != null
                && revision.equals(set.getStatus().getUpdateRevision())
                && set.getMetadata().getGeneration().equals(set.getStatus().getObservedGeneration());
        if (!isCurrent) {
            set.setStatus(new StatefulSetStatusBuilder()
                    .withReplicas(set.getSpec().getReplicas())
                    .withObservedGeneration(set.getMetadata().getGeneration())
                    .withUpdateRevision(revision)
                    .build());
            client.resource(set).updateStatus();
        }
        follow(set, revision);
        if (provides) resizeVolumes();
        caughtUp.clear();
        caughtUp.addAll(running);
        elect();
    }

    private void follow(StatefulSet set, String revision) {
        Map<Integer, Pod> pods = new TreeMap<>();
        client.pods()
                .inNamespace(namespace)
                .withLabels(Labels.pods(name))
                .list()
                .getItems()
                .forEach(pod ->
                        pods.put(Integer.valueOf(pod.getMetadata().getName().substring(name.length() + 1)), pod));
        for (int id : new TreeSet<>(running)) {
            if (!pods.containsKey(id)) stop(id); // the operator deleted it
        }
        for (int id = 1; id <= set.getSpec().getReplicas(); id++) {
            Pod pod = pods.get(id);
            if (pod == null) {
                pod = client.resource(podOf(set, id, revision)).create();
                stuck.remove(id);
            }
            if (!running.contains(id) && !stuck.contains(id) && !held.contains(id) && !isUnpulled(pod))
                prepare(id, pod);
        }
        if (pods.values().stream().filter(PretendedNode::isUnpulled).count() > 1)
            broken.add("more than one member was given an image that nobody can pull");
        pods.forEach((id, pod) -> {
            if (id > set.getSpec().getReplicas()) {
                if (committed.contains(id) && set.getSpec().getReplicas() > 0)
                    broken.add("pod " + id + " of a member was cut off");
                stop(id);
                client.resource(pod).delete();
            }
        });
    }

    private static boolean isUnpulled(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getImage().endsWith(":" + MISSING);
    }

    /** As {@code paddock prepare}. */
    private void prepare(int id, Pod pod) {
        ConfigMap config = client.configMaps()
                .inNamespace(namespace)
                .withName(name + "-config")
                .get();
        if (config == null) return;
        Roster roster = Roster.parse(config.getData()).orElseThrow();
        boolean wiped = !volumes.getOrDefault(id, false)
                && roster.known().contains(id)
                && roster.members().voters().contains(id);
        int exitCode = wiped ? Preparation.EXIT_WIPED : 0;
        if (!wiped) {
            if (committed.voters().isEmpty()) committed = roster.members();
            volumes.put(id, true);
            secure.put(id, Ensemble.hasMemberKeys(pod.getSpec()));
            if (running.stream().anyMatch(other -> !secure.get(other).equals(secure.get(id))))
                broken.add("member " + id + " and others do not understand each other, since not all speak TLS");
            running.add(id);
            engines.put(id, engine(pod));
            deeds.add("start " + id);
        }
        pod.getStatus()
                .setInitContainerStatuses(List.of(new ContainerStatusBuilder()
                        .withName(Preparation.CONTAINER)
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(exitCode)
                        .endTerminated()
                        .endState()
                        .build()));
        client.resource(pod).updateStatus();
    }

    private static Engine engine(Pod pod) {
        boolean paddock = pod.getSpec().getContainers().getFirst().getArgs().contains("node");
        return paddock ? Engine.PADDOCK : Engine.ZOOKEEPER;
    }

    private void stop(int id) {
        if (!running.remove(id)) return;
        deeds.add("stop " + id);
        elect();
    }

    private boolean hasQuorum() {
        long live = committed.voters().stream().filter(running::contains).count();
        return live > committed.voters().size() / 2;
    }

    private void elect() {
        if (!hasQuorum()) {
            if (hadQuorum && !isHibernating() && !bearsOutages)
                broken.add("no quorum of " + committed + " among " + running);
            hadQuorum = false;
            leader = 0;
        } else if (!running.contains(leader) || !committed.voters().contains(leader)) {
            hadQuorum = true;
            lead(committed.voters().stream()
                    .filter(running::contains)
                    .findFirst()
                    .orElseThrow());
        }
    }

    private boolean isHibernating() {
        StatefulSet set = client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(name)
                .get();
        return set == null || set.getSpec().getReplicas() == 0;
    }

    private void lead(int id) {
        leader = id;
        zxid = ((zxid >>> 32) + 1) << 32;
        deeds.add("lead " + id);
    }

    @Override
    public synchronized Optional<Report> report(Place server) {
        asked++;
        int id = id(server.host());
        if (leader == 0 || !running.contains(id)) return Optional.empty();
        Role role = id == leader ? Role.LEADER : committed.voters().contains(id) ? Role.FOLLOWER : Role.OBSERVER;
        return Optional.of(new Report(role, caughtUp.contains(id) || id == leader ? zxid : 0));
    }

    @Override
    public synchronized Optional<Membership> members(Place server) {
        return report(server).map(served -> committed);
    }

    @Override
    public synchronized boolean ring(Place server) {
        zxid++;
        return true;
    }

    @Override
    public synchronized Presence presence(Place server) {
        int id = id(server.host());
        return report(server)
                .<Presence>map(report -> new Presence.Serving(
                        new Release(engines.get(id), 3, 9, zookeeper),
                        report.role(),
                        report.zxid(),
                        new Known<>(mismatches.getOrDefault(id, 0L)),
                        new Known<>(new Digests(new TreeMap<>())),
                        new Known<>(
                                new Presence.Membership(id, sids(committed.voters()), sids(committed.observers())))))
                .orElseGet(Presence.NotServing::new);
    }

    private static NavigableSet<Long> sids(Collection<Integer> ids) {
        return ids.stream().map(Integer::longValue).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public Optional<String> reconfigure(List<Place> any, Reconfiguration change, String password) {
        return changing(() -> reconfigured(change));
    }

    private Optional<String> changing(Supplier<Optional<String>> change) {
        try {
            faults.get().changing();
            Optional<String> refusal = change.get();
            if (refusal.isEmpty()) faults.get().changed();
            return refusal;
        } catch (Faults.Unreachable e) {
            return Optional.of(NO_CONNECTION);
        }
    }

    private synchronized Optional<String> reconfigured(Reconfiguration change) {
        if (leader == 0) return Optional.of(NO_CONNECTION);
        if (change.fromVersion() != committed.version()) return Optional.of("BAD_VERSION");
        var voters = new TreeSet<>(committed.voters());
        var observers = new TreeSet<>(committed.observers());
        change.leaving().ifPresent(text -> {
            int id = Integer.parseInt(text);
            voters.remove(id);
            observers.remove(id);
            deeds.add("remove " + id);
        });
        var closed = new TreeSet<>(committed.closed());
        for (String line : change.joining().map(lines -> lines.split(",")).orElse(new String[0])) {
            int id = Integer.parseInt(line.substring("server.".length(), line.indexOf('=')));
            boolean votes = line.contains(":participant;");
            boolean isNew = !(votes ? voters : observers).contains(id);
            observers.remove(id);
            (votes ? voters : observers).add(id);
            if (isNew) deeds.add((votes ? "promote " : "observe ") + id);
            boolean closes = line.contains(";" + Membership.LOOPBACK + ":");
            boolean turns = closes ? closed.add(id) : closed.remove(id);
            if (turns && !isNew) deeds.add((closes ? "close " : "open ") + id);
        }
        long live = voters.stream().filter(running::contains).count();
        if (live <= voters.size() / 2) return Optional.of("NEW_CONFIG_NO_QUORUM");
        if (!voters.contains(leader)) broken.add("the leader was removed");
        committed = new Membership(voters, observers, closed, ++zxid);
        return Optional.empty();
    }

    @Override
    public Optional<String> handOver(String host, String password) {
        return changing(() -> handedOver(host));
    }

    private synchronized Optional<String> handedOver(String host) {
        Optional<Integer> heir = committed.voters().stream()
                .filter(id -> id != leader && running.contains(id) && caughtUp.contains(id))
                .findFirst();
        if (id(host) != leader || heir.isEmpty()) return Optional.of("Not handed over");
        lead(heir.get());
        return Optional.empty();
    }

    private static int id(String host) {
        return Integer.parseInt(host.substring(host.lastIndexOf('.') + 1));
    }

    private Pod pod(int id) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name + "-" + id)
                .withNamespace(namespace)
                .endMetadata()
                .build();
    }

    private Pod podOf(StatefulSet set, int id, String revision) {
        return new PodBuilder(pod(id))
                .editMetadata()
                .withLabels(set.getSpec().getTemplate().getMetadata().getLabels())
                .addToLabels(Labels.REVISION, revision)
                .withAnnotations(set.getSpec().getTemplate().getMetadata().getAnnotations())
                .endMetadata()
                .withSpec(set.getSpec().getTemplate().getSpec())
                .withNewStatus()
                .withPodIP("10.0.0." + id)
                .endStatus()
                .build();
    }
}
