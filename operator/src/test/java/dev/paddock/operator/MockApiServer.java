package dev.paddock.operator;

import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.crds.CoordinationConfig;
import dev.paddock.operator.ensemble.Labels;
import io.fabric8.kubernetes.api.model.APIResourceBuilder;
import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** An API server that only stores and tells: no server-side apply, no controllers, no validation. */
public final class MockApiServer implements AutoCloseable {
    /** It would print every request; held here, since loggers without a holder lose their level. */
    private static final Logger LOG = Logger.getLogger("io.fabric8.mockwebserver");

    static {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // it is slow on a busy machine
        Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
    }

    private static final int TRIES_MAX = 20;

    /** What kinds there are, which everybody may ask. */
    private static final Pattern DISCOVERY = Pattern.compile("/api|/apis(/[^/]+){0,2}");

    private final KubernetesMixedDispatcher dispatcher;
    private final KubernetesMockServer server;
    private final KubernetesClient user;
    private final KubernetesClient client;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    /** One whose user may everything. */
    public MockApiServer() {
        this(new ResourceRule(List.of("*"), List.of(), List.of("*"), List.of("*")));
    }

    /** One that says of its user that it may this; it lets it do anything. */
    MockApiServer(ResourceRule right) {
        LOG.setLevel(Level.WARNING);
        Map<ServerRequest, Queue<ServerResponse>> responses = new HashMap<>();
        dispatcher = new KubernetesMixedDispatcher(
                responses,
                List.of(
                        CustomResourceDefinitionContext.fromCustomResourceType(CoordinationCluster.class),
                        CustomResourceDefinitionContext.fromCustomResourceType(CoordinationConfig.class)));
        server = new KubernetesMockServer(new Context(), new MockWebServer(), responses, dispatcher, false);
        server.init();
        server.expect()
                .post()
                .withPath("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews")
                .andReturn(
                        200,
                        new SelfSubjectRulesReviewBuilder()
                                .withNewStatus()
                                .withResourceRules(right)
                                .endStatus()
                                .build())
                .always();
        user = server.createClient();
        client = client(new Interceptor() {});
    }

    /** Another client whose requests are noted, which the caller closes. */
    public KubernetesClient client(Interceptor interceptor) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(user.getConfiguration())
                        .withRequestTimeout(60_000) // it is slow on a busy machine
                        .build())
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("asked", new Interceptor() {
                            @Override
                            public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                                if (!DISCOVERY.matcher(request.uri().getPath()).matches())
                                    asked.add(right(request.method(), request.uri()));
                            }
                        })
                        .addOrReplaceInterceptor("other", interceptor))
                .build();
    }

    /** From now on nobody may read the object at a path. */
    public void refuseToRead(String path, String why) {
        server.expect()
                .get()
                .withPath(path)
                .andReturn(
                        403, new StatusBuilder().withCode(403).withMessage(why).build())
                .always();
    }

    /** From now on nobody can delete the object at a path. */
    public void refuseToDelete(String path, int code) {
        server.expect()
                .delete()
                .withPath(path)
                .andReturn(code, new StatusBuilder().withCode(code).build())
                .always();
    }

    /** From now on nobody may change the object at a path. */
    void refuseToPatch(String path, String why) {
        server.expect()
                .patch()
                .withPath(path)
                .andReturn(
                        403, new StatusBuilder().withCode(403).withMessage(why).build())
                .always();
    }

    /** From now on Prometheus' kinds are known, and what is applied of them for the cluster {@code demo} is taken and kept nowhere. */
    void knowPrometheus(String namespace) {
        Map<String, String> kinds = Map.of("servicemonitors", "ServiceMonitor", "prometheusrules", "PrometheusRule");
        String api = "/apis/monitoring.coreos.com/v1";
        server.expect()
                .get()
                .withPath(api)
                .andReturn(
                        200,
                        new APIResourceListBuilder()
                                .withGroupVersion("monitoring.coreos.com/v1")
                                .withResources(kinds.entrySet().stream()
                                        .map(kind -> new APIResourceBuilder()
                                                .withName(kind.getKey())
                                                .withKind(kind.getValue())
                                                .withNamespaced(true)
                                                .build())
                                        .toList())
                                .build())
                .always();
        kinds.forEach((resource, kind) -> server.expect()
                .patch()
                .withPath(api + "/namespaces/" + namespace + "/" + resource + "/demo?fieldManager=paddock&force=true")
                .andReturn(
                        200,
                        new GenericKubernetesResourceBuilder()
                                .withApiVersion("monitoring.coreos.com/v1")
                                .withKind(kind)
                                .build())
                .always());
    }

    /** From now on whoever reads the object at a path finds it so, whatever watches tell; gives how often somebody did. */
    public AtomicInteger answer(String path, Object object) {
        AtomicInteger reads = new AtomicInteger();
        server.expect()
                .get()
                .withPath(path)
                .andReply(200, request -> {
                    reads.incrementAndGet();
                    return object;
                })
                .always();
        return reads;
    }

    /** From now on this StatefulSet can be applied. */
    Applying apply(String namespace, String name) {
        var applying = new Applying(dispatcher, namespace, name);
        server.expect().patch().withPath(applying.path()).andReply(applying).always();
        return applying;
    }

    /** A client whose requests are not noted in {@link #asked}. */
    public KubernetesClient user() {
        return user;
    }

    /** What was asked for, as {@code group/resource verb}: the words of a Role. */
    public Set<String> asked() {
        return asked;
    }

    /** Of these, what was asked for. */
    public Set<String> asked(List<Permissions.Permission> permissions) {
        return asked.stream()
                .filter(right -> permissions.stream()
                        .anyMatch(each -> right.startsWith(each.group() + "/" + each.resource() + " ")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The same words for what a Role gives. */
    public static Set<String> rights(List<Permissions.Permission> permissions) {
        return permissions.stream()
                .flatMap(each -> each.verbs().stream().map(verb -> each.group() + "/" + each.resource() + " " + verb))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String right(String method, URI uri) {
        List<String> path = new ArrayList<>(List.of(uri.getPath().substring(1).split("/", -1)));
        String group = path.removeFirst().equals("api") ? "" : path.removeFirst();
        path.removeFirst(); // the version
        if (path.size() > 2 && path.getFirst().equals("namespaces"))
            path.subList(0, 2).clear();
        boolean named = path.size() > 1;
        boolean watch = Objects.requireNonNullElse(uri.getQuery(), "").contains("watch=true");
        String verb = switch (method) {
            case "GET" -> named ? "get" : watch ? "watch" : "list";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> named ? "delete" : "deletecollection";
            default -> throw new AssertionError(method);
        };
        return group + "/" + path.getFirst() + (path.size() > 2 ? "/" + path.get(2) : "") + " " + verb;
    }

    public KubernetesClient client() {
        return client;
    }

    /** What an operator must leave alone here. */
    public static void adapt(ConfigurationServiceOverrider configuration) {
        configuration
                .checkingCRDAndValidateLocalModel(false)
                .withUseSSAToPatchPrimaryResource(false)
                .withSSABasedCreateUpdateMatchForDependentResources(false);
    }

    /** Likewise, and only where StatefulSets can be applied, see {@link #apply}. */
    static void applyStatefulSets(ConfigurationServiceOverrider configuration) {
        configuration
                .withSSABasedCreateUpdateMatchForDependentResources(true)
                .withDefaultNonSSAResource(Set.of(
                        ServiceAccount.class,
                        NetworkPolicy.class,
                        Service.class,
                        ConfigMap.class,
                        PodDisruptionBudget.class));
    }

    @Override
    public void close() {
        client.close();
        user.close();
        server.destroy();
    }

    /** A cluster that serves at an address, by its status alone. */
    public static void createServing(KubernetesClient client, String namespace, String name, String address) {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.getMetadata().setName(name);
        cluster.getMetadata().setNamespace(namespace);
        cluster.setStatus(new ClusterStatus(null, null, null, null, null, address, null, null, null, null, null));
        client.resource(cluster).createOr(NonDeletingOperation::update); // a slow answer is asked for twice
        client.resource(cluster).updateStatus();
    }

    /** An edit by somebody who tries again while others change the same object. */
    public static void insist(Runnable edit) {
        for (int tries = 1; ; tries++) {
            try {
                edit.run();
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || tries == TRIES_MAX) throw e;
            }
        }
    }

    /** A pod of the cluster {@code demo}, as the StatefulSet's controller would make it. */
    public static Pod pod(String namespace, int id, String revision) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("demo-" + id)
                .withNamespace(namespace)
                .withLabels(Labels.pods("demo"))
                .addToLabels(Labels.REVISION, revision)
                .endMetadata()
                .withNewStatus()
                .withPodIP("10.0.0." + id)
                .endStatus()
                .build();
    }
}
