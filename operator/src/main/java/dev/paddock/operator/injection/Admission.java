package dev.paddock.operator.injection;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.DiffFlags;
import io.fabric8.zjsonpatch.JsonDiff;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers an {@code AdmissionReview} ({@code admission.k8s.io/v1}) of a pod about to be created. */
final class Admission {
    /** Above what the API server itself takes as a request, twice (the object may come with an old one). */
    static final int REVIEW_BYTES_MAX = 8 << 20;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(200)
                            .maxDocumentLength(REVIEW_BYTES_MAX)
                            .build())
                    .build())
            .build();

    private final Injector injector;
    private final Function<String, List<Injector.Cluster>> clusters;

    /** @param clusters those of a namespace */
    Admission(Injector injector, Function<String, List<Injector.Cluster>> clusters) {
        this.injector = injector;
        this.clusters = clusters;
    }

    /** The answer; empty if the bytes are no review. */
    Optional<byte[]> answer(byte[] review) {
        try {
            JsonNode asked = JSON.readTree(review);
            String uid = asked.path("request").path("uid").asText();
            boolean known = asked.path("apiVersion").asText().equals("admission.k8s.io/v1") && !uid.isEmpty();
            if (!known) return Optional.empty();
            return Optional.of(JSON.writeValueAsBytes(answer(uid, asked.path("request"))));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException malformed) {
            // Not JSON, or a list where a pod has none; told to the caller, who asked wrongly.
            return Optional.empty();
        }
    }

    private ObjectNode answer(String uid, JsonNode request) throws IOException {
        ObjectNode answer =
                JSON.createObjectNode().put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode response = answer.putObject("response").put("uid", uid).put("allowed", true);
        boolean pod = request.path("kind").path("kind").asText().equals("Pod")
                && request.path("operation").asText().equals("CREATE");
        if (!pod || !(request.path("object") instanceof ObjectNode object) || !Injector.isWanted(object)) return answer;
        try {
            ObjectNode injected =
                    injector.inject(object, request.path("namespace").asText(), clusters);
            JsonNode patch = JsonDiff.asJson(object, injected, DiffFlags.dontNormalizeOpIntoMoveAndCopy());
            if (patch.isEmpty()) return answer;
            response.put("patchType", "JSONPatch")
                    .put("patch", Base64.getEncoder().encodeToString(JSON.writeValueAsBytes(patch)));
        } catch (Wish.Refused refused) {
            response.put("allowed", false)
                    .putObject("status")
                    .put("code", 422)
                    .put("reason", "Invalid")
                    .put("message", "paddock: " + refused.getMessage());
        }
        return answer;
    }
}
