package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people do to the objects of a cluster. */
final class OwnedObjectsTest {
    private final Lab lab = new Lab();

    @AfterEach
    void stop() {
        lab.close();
    }

    /**
     * An object of the cluster.
     *
     * @param mistake what people do to it
     * @param said of it that matters
     */
    record Owned<T extends HasMetadata>(
            Class<T> type, String name, Consumer<T> mistake, Function<T, @Nullable Object> said) {

        Resource<T> in(KubernetesClient client) {
            return client.resources(type).inNamespace(Lab.NAMESPACE).withName(name);
        }

        @Nullable
        Object is(KubernetesClient client) {
            T object = in(client).get();
            return object == null ? null : said.apply(object);
        }

        T spoilt(T object) {
            Object before = said.apply(object);
            T copy = new KubernetesSerialization().clone(object);
            mistake.accept(copy);
            assertThat(said.apply(copy)).isNotEqualTo(before);
            return copy;
        }

        @Override
        public String toString() {
            return type.getSimpleName() + " " + name;
        }
    }

    static Stream<Owned<?>> owned() {
        return Stream.of(
                new Owned<>(
                        StatefulSet.class,
                        "demo",
                        set -> set.getSpec().getUpdateStrategy().setType("RollingUpdate"),
                        StatefulSet::getSpec),
                new Owned<>(
                        Service.class,
                        "demo-client",
                        service -> service.getSpec().setSelector(Map.of("app", "other")),
                        Service::getSpec),
                new Owned<>(
                        Service.class,
                        "demo-peers",
                        service -> service.getSpec().setPublishNotReadyAddresses(false),
                        Service::getSpec),
                new Owned<>(
                        ConfigMap.class,
                        "demo-config",
                        config -> config.getData().put("zoo.cfg", "dataDir=/elsewhere\n"),
                        ConfigMap::getData),
                new Owned<>(
                        PodDisruptionBudget.class,
                        "demo",
                        budget -> budget.getSpec().setMaxUnavailable(new IntOrString(3)),
                        PodDisruptionBudget::getSpec),
                new Owned<>(
                        NetworkPolicy.class,
                        "demo",
                        policy -> policy.getSpec().setIngress(List.of()),
                        NetworkPolicy::getSpec),
                new Owned<>(
                        ServiceAccount.class,
                        "demo",
                        account -> account.setAutomountServiceAccountToken(true),
                        ServiceAccount::getAutomountServiceAccountToken));
    }

    @ParameterizedTest
    @MethodSource("owned")
    <T extends HasMetadata> void whatPeopleEditOrDeleteIsSetRight(Owned<T> owned) {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        Object right = owned.is(lab.client());
        assertThat(right).isNotNull();
        owned.in(lab.client()).edit(owned::spoilt);
        await().untilAsserted(() -> assertThat(owned.is(lab.client())).isEqualTo(right));
        owned.in(lab.client()).delete();
        await().untilAsserted(() -> assertThat(owned.is(lab.client())).isEqualTo(right));
        lab.awaitReady(3);
        assertThat(lab.node().deeds()).as("done to members").isEmpty();
    }
}
