package dev.paddock.operator.config;

import dev.paddock.client.ClientException;
import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.ConfigStatus;
import dev.paddock.crds.ConfigStatus.Place;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.crds.CoordinationConfig;
import dev.paddock.operator.certificates.KeyFiles;
import dev.paddock.operator.ensemble.Blueprint;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: collect the keys, bring the znodes to them, tell. It also runs every few seconds when nothing was told, which is what
 * repairs znodes that somebody else has changed. The finalizer goes when the keys are deleted, or their cluster is.
 */
@ControllerConfiguration(name = "coordinationconfig", fieldManager = "paddock")
public final class ConfigReconciler
        implements Reconciler<CoordinationConfig>, Cleaner<CoordinationConfig>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigReconciler.class);
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration DRIFT = Duration.ofSeconds(5);

    private final SimpleInboundEventSource<CoordinationConfig> changes = new SimpleInboundEventSource<>("sources");
    private final SourceWatches watches = new SourceWatches(changes::propagateEvent);
    private final Sessions sessions = new Sessions();

    @Override
    public List<EventSource<?, CoordinationConfig>> prepareEventSources(
            EventSourceContext<CoordinationConfig> context) {
        return List.of(changes);
    }

    @Override
    public UpdateControl<CoordinationConfig> reconcile(CoordinationConfig config, Context<CoordinationConfig> context)
            throws InterruptedException {
        watches.follow(context.getClient(), ResourceID.fromResource(config), KeyCollector.sources(config));
        Place wanted = place(config);
        if (!places(config).contains(wanted)) return announce(config, wanted, context);
        List<Place> left = new ArrayList<>(List.of(wanted));
        Finding finding = run(config, context.getClient(), left);
        ConfigStatus status = writer(config).of(finding, left);
        Duration again = switch (finding) {
            case Finding.Kept _, Finding.Stalled _ -> DRIFT;
            case Finding.Waiting _, Finding.Conflicted _ -> SOON;
        };
        if (!status.equals(config.getStatus())) write(status, config, context);
        return UpdateControl.<CoordinationConfig>noUpdate().rescheduleAfter(again);
    }

    /** Whole, and only over what was read: the difference to one of a cache may be wrong where another has been written since. */
    private static void write(ConfigStatus status, CoordinationConfig config, Context<CoordinationConfig> context) {
        PrimaryUpdateAndCacheUtils.updateStatusAndCacheResource(config, context, fresh -> {
            fresh.setStatus(status);
            return fresh;
        });
    }

    /** Notes the place before anything is written there, so that no crash leaves keys that nobody remembers. */
    private static UpdateControl<CoordinationConfig> announce(
            CoordinationConfig config, Place wanted, Context<CoordinationConfig> context) {
        List<Place> all = new ArrayList<>(places(config));
        all.add(wanted);
        write(writer(config).of(new Finding.Waiting("nothing is written yet"), all), config, context);
        return UpdateControl.<CoordinationConfig>noUpdate().rescheduleAfter(AT_ONCE);
    }

    /** Where a run fails, what was written last stays; the status says why, and the run is made again. */
    @Override
    public ErrorStatusUpdateControl<CoordinationConfig> updateErrorStatus(
            CoordinationConfig config, Context<CoordinationConfig> context, Exception failure) {
        boolean isStopping = failure instanceof RejectedExecutionException || failure instanceof InterruptedException;
        if (isStopping) return ErrorStatusUpdateControl.noStatusUpdate(); // the next operator goes on
        LOG.warn("{}: {}", Claim.Owner.of(config), failure.toString());
        String why = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        ConfigStatus status = writer(config).of(new Finding.Waiting(why), places(config));
        if (!status.equals(config.getStatus())) write(status, config, context);
        return ErrorStatusUpdateControl.noStatusUpdate();
    }

    /** @param left takes the earlier places that could not be cleared */
    private Finding run(CoordinationConfig config, KubernetesClient client, List<Place> left)
            throws InterruptedException {
        Place wanted = place(config);
        for (Place earlier : places(config)) {
            if (!earlier.equals(wanted) && !clear(config, earlier, client)) left.add(earlier);
        }
        return switch (KeyCollector.collect(config, client)) {
            case KeyCollector.Incomplete(String why) -> new Finding.Stalled(why);
            case KeyCollector.Keys keys -> bring(config, keys, client);
        };
    }

    private Finding bring(CoordinationConfig config, KeyCollector.Keys keys, KubernetesClient client)
            throws InterruptedException {
        String name = config.getSpec().clusterRef().name();
        Optional<CoordinationCluster> cluster = cluster(config, name, client);
        if (cluster.isEmpty())
            return new Finding.Stalled("there is no CoordinationCluster " + name + " in this namespace");
        Optional<Sessions.Way> servers = way(cluster.get(), client);
        if (servers.isEmpty()) return new Finding.Waiting("CoordinationCluster " + name + " does not run yet");
        try {
            var owned =
                    new OwnedKeys(sessions.to(servers.get()), config.getSpec().path(), Claim.Owner.of(config));
            return finding(keys, owned.apply(keys.values(), keys.hash(), owner -> isGone(owner, client)));
        } catch (ClientException.LimitExceeded tooLarge) {
            return new Finding.Stalled("the keys do not fit into one transaction of 1 MiB: divide them among several"
                    + " CoordinationConfigs (" + tooLarge.getMessage() + ")");
        } catch (ClientException failed) {
            return new Finding.Waiting("CoordinationCluster " + name + ": " + failed.getMessage());
        }
    }

    private static Finding finding(KeyCollector.Keys keys, OwnedKeys.Outcome outcome) {
        return switch (outcome) {
            case OwnedKeys.Outcome.Kept(int repaired, long zxid) -> {
                if (repaired > 0) LOG.info("wrote {} config keys", repaired);
                yield new Finding.Kept(keys.values().size(), zxid, keys.hash());
            }
            case OwnedKeys.Outcome.Taken(Claim.Owner by) ->
                new Finding.Conflicted(by + " has this path; nothing was written. Give one of the two another path");
            case OwnedKeys.Outcome.Unreadable(String znode) ->
                new Finding.Conflicted(
                        "znode " + znode + " does not say whose the path is; delete it to give it to this object");
        };
    }

    /** Asked afresh: the path of an owner that only a cache has not seen yet must not be taken. */
    private static boolean isGone(Claim.Owner owner, KubernetesClient client) {
        CoordinationConfig found = client.resources(CoordinationConfig.class)
                .inNamespace(owner.namespace())
                .withName(owner.name())
                .get();
        return found == null || !found.getMetadata().getUid().equals(owner.uid());
    }

    @Override
    public DeleteControl cleanup(CoordinationConfig config, Context<CoordinationConfig> context)
            throws InterruptedException {
        for (Place place : places(config)) {
            if (!clear(config, place, context.getClient()))
                return DeleteControl.noFinalizerRemoval().rescheduleAfter(SOON.toMillis());
        }
        watches.follow(context.getClient(), ResourceID.fromResource(config), List.of());
        return DeleteControl.defaultDelete();
    }

    /** Deletes the keys there; false if that is not done yet. With the cluster go its keys. */
    private boolean clear(CoordinationConfig config, Place place, KubernetesClient client) throws InterruptedException {
        Optional<CoordinationCluster> cluster = cluster(config, place.cluster(), client)
                .filter(found -> found.getMetadata().getDeletionTimestamp() == null);
        Optional<Sessions.Way> servers = cluster.flatMap(found -> way(found, client));
        if (servers.isEmpty()) return cluster.isEmpty();
        try {
            new OwnedKeys(sessions.to(servers.get()), place.path(), Claim.Owner.of(config)).remove();
            return true;
        } catch (ClientException failed) {
            LOG.warn(
                    "the keys of {} below {} of {} cannot be deleted yet: {}",
                    Claim.Owner.of(config),
                    place.path(),
                    place.cluster(),
                    failed.getMessage());
            return false;
        }
    }

    private static Optional<CoordinationCluster> cluster(
            CoordinationConfig config, String name, KubernetesClient client) {
        return Optional.ofNullable(client.resources(CoordinationCluster.class)
                .inNamespace(config.getMetadata().getNamespace())
                .withName(name)
                .get());
    }

    /** By TLS where the cluster has it. */
    private static Optional<Sessions.Way> way(CoordinationCluster cluster, KubernetesClient client) {
        Optional<ClusterStatus> status = Optional.ofNullable(cluster.getStatus());
        Optional<KeyFiles> keys = status.map(ClusterStatus::secureEndpoint).flatMap(secure -> keys(cluster, client));
        return status.map(keys.isPresent() ? ClusterStatus::secureEndpoint : ClusterStatus::endpoint)
                .map(servers -> new Sessions.Way(servers, keys));
    }

    private static Optional<KeyFiles> keys(CoordinationCluster cluster, KubernetesClient client) {
        return Optional.ofNullable(client.secrets()
                        .inNamespace(cluster.getMetadata().getNamespace())
                        .withName(Blueprint.keysName(cluster.getMetadata().getName()))
                        .get())
                .map(Secret::getData)
                .flatMap(KeyFiles::parse);
    }

    private static Place place(CoordinationConfig config) {
        return new Place(config.getSpec().clusterRef().name(), config.getSpec().path());
    }

    private static List<Place> places(CoordinationConfig config) {
        return config.getStatus() == null ? List.of() : config.getStatus().places();
    }

    private static ConfigStatusWriter writer(CoordinationConfig config) {
        return new ConfigStatusWriter(
                config, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** Ends the sessions; keys stay. */
    @Override
    public void close() {
        sessions.close();
    }
}
