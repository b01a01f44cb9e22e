package dev.paddock.operator;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.utils.ResponseProvider;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Server-side apply of one StatefulSet, as far as it goes by which object is meant, in which state: another state is a conflict, and so is
 * an object that is gone, if it is named by its UID. So it was seen at Kubernetes 1.34.
 */
final class Applying implements ResponseProvider<Object> {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    private final Dispatcher objects; // asked directly: this is called by a thread of the server's
    private final String collection;
    private final String path;
    private final Map<RecordedRequest, Object> answers = new ConcurrentHashMap<>(); // a body, or a code
    private final List<String> cuts = new CopyOnWriteArrayList<>();
    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});

    Applying(Dispatcher objects, String namespace, String name) {
        this.objects = objects;
        this.collection = "/apis/apps/v1/namespaces/" + namespace + "/statefulsets";
        this.path = collection + "/" + name;
    }

    String path() {
        return path + "?fieldManager=paddock&force=true";
    }

    /** What happens to the object once, after the next patch that leaves it fewer pods was made and before it comes. */
    void meanwhile(Runnable happens) {
        meanwhile.set(happens);
    }

    /** What came of each patch that would leave it fewer pods. */
    List<String> cuts() {
        return List.copyOf(cuts);
    }

    /** To be called with whatever is about to be sent. */
    void sending(HttpRequest request) {
        if (!request.method().equals("PATCH") || !request.uri().getPath().equals(path)) return;
        if (isCut(JSON.unmarshal(request.bodyString(), StatefulSet.class), stored()))
            meanwhile.getAndSet(() -> {}).run();
    }

    @Override
    public int getStatusCode(RecordedRequest request) {
        return answer(request) instanceof Integer code ? code : HttpURLConnection.HTTP_OK;
    }

    @Override
    public Object getBody(RecordedRequest request) {
        Object answer = answer(request);
        return answer instanceof Integer code
                ? new StatusBuilder().withCode(code).withMessage("not applied").build()
                : answer;
    }

    private Object answer(RecordedRequest request) {
        return answers.computeIfAbsent(request, each -> apply(JSON.unmarshal(each.getUtf8Body(), StatefulSet.class)));
    }

    private Object apply(StatefulSet patch) {
        Optional<StatefulSet> now = stored();
        Object answer = now.map(set -> over(set, patch)).orElseGet(() -> make(patch));
        if (isCut(patch, now)) {
            boolean isNamed =
                    patch.getMetadata().getUid() != null && patch.getMetadata().getResourceVersion() != null;
            cuts.add((isNamed ? "" : "unnamed, ") + (answer instanceof Integer code ? "refused " + code : "done"));
        }
        return answer;
    }

    private static boolean isCut(StatefulSet patch, Optional<StatefulSet> now) {
        return now.filter(set -> patch.getSpec().getReplicas() < set.getSpec().getReplicas())
                .isPresent();
    }

    private Object make(StatefulSet patch) {
        if (patch.getMetadata().getUid() != null) return HttpURLConnection.HTTP_CONFLICT;
        StatefulSet set = new StatefulSetBuilder(patch)
                .editMetadata()
                .withResourceVersion(null)
                .endMetadata()
                .build();
        return told(ask(HttpMethod.POST, collection, JSON.asJson(set)));
    }

    private Object over(StatefulSet now, StatefulSet patch) {
        String uid = patch.getMetadata().getUid();
        String version = patch.getMetadata().getResourceVersion();
        if (version != null && !version.equals(now.getMetadata().getResourceVersion()))
            return HttpURLConnection.HTTP_CONFLICT;
        if (uid != null && !uid.equals(now.getMetadata().getUid())) return 422;
        if (patch.getSpec().equals(now.getSpec())) return now;
        StatefulSet set = new StatefulSetBuilder(now).withSpec(patch.getSpec()).build();
        return told(ask(HttpMethod.PUT, path, JSON.asJson(set)));
    }

    private Optional<StatefulSet> stored() {
        return Optional.of(told(ask(HttpMethod.GET, path, "")))
                .filter(StatefulSet.class::isInstance)
                .map(StatefulSet.class::cast);
    }

    private MockResponse ask(HttpMethod method, String at, String body) {
        var headers = Headers.builder().build();
        return objects.dispatch(new RecordedRequest("HTTP/1.1", method, at, headers, new Buffer().writeUtf8(body)));
    }

    private static Object told(MockResponse response) {
        return response.code() >= HttpURLConnection.HTTP_MULT_CHOICE
                ? response.code()
                : JSON.unmarshal(response.getBody().readUtf8(), StatefulSet.class);
    }

    @Override
    public Headers getHeaders() {
        return Headers.builder().build();
    }

    @Override
    public void setHeaders(Headers headers) {}
}
