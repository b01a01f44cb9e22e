package dev.paddock.operator.config;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Watches exactly the ConfigMaps and Secrets that are named, one watch each: the operator neither reads nor keeps any other.
 * Safe for use by any thread.
 */
final class SourceWatches {
    private final Consumer<ResourceID> changed;
    private final Map<Source, Watched> watched = new HashMap<>(); // guarded by this

    /** @param changed is told the configs whose source has changed; must not block */
    SourceWatches(Consumer<ResourceID> changed) {
        this.changed = changed;
    }

    /** What a source is. */
    enum Kind {
        CONFIG_MAP(ConfigMap.class),
        SECRET(Secret.class);

        private final Class<? extends HasMetadata> type;

        Kind(Class<? extends HasMetadata> type) {
            this.type = type;
        }
    }

    /** One object. */
    record Source(Kind kind, String namespace, String name) {}

    private record Watched(SharedIndexInformer<? extends HasMetadata> informer, Set<ResourceID> configs) {}

    /** From now on this config hears of these sources and of no others. */
    synchronized void follow(KubernetesClient client, ResourceID config, Collection<Source> sources) {
        for (Source source : sources) {
            watched.computeIfAbsent(source, missing -> new Watched(start(client, missing), new HashSet<>()))
                    .configs()
                    .add(config);
        }
        watched.entrySet().removeIf(entry -> {
            Set<ResourceID> configs = entry.getValue().configs();
            if (!sources.contains(entry.getKey())) configs.remove(config);
            if (!configs.isEmpty()) return false;
            entry.getValue().informer().stop();
            return true;
        });
    }

    private SharedIndexInformer<? extends HasMetadata> start(KubernetesClient client, Source source) {
        return start(
                client.resources(source.kind().type)
                        .inNamespace(source.namespace())
                        .withName(source.name()),
                source);
    }

    private <T extends HasMetadata> SharedIndexInformer<T> start(Resource<T> object, Source source) {
        SharedIndexInformer<T> informer = object.runnableInformer(0);
        informer.exceptionHandler((_, _) -> true); // goes on trying, whatever it was
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(T added) {
                tell(source);
            }

            @Override
            public void onUpdate(T before, T now) {
                tell(source);
            }

            @Override
            public void onDelete(T deleted, boolean stateUnknown) {
                tell(source);
            }
        });
        var _ = informer.start(); // it says how it ends; the watch itself tells of what happens
        return informer;
    }

    private void tell(Source source) {
        Set<ResourceID> configs;
        synchronized (this) {
            Watched now = watched.get(source);
            configs = now == null ? Set.of() : Set.copyOf(now.configs());
        }
        configs.forEach(changed);
    }

    /** How many watches there are. */
    synchronized int size() {
        return watched.size();
    }
}
