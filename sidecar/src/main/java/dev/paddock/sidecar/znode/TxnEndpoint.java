package dev.paddock.sidecar.znode;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.client.Client;
import dev.paddock.client.ClientException;
import dev.paddock.client.Created;
import dev.paddock.client.Op;
import dev.paddock.client.OpResult;
import dev.paddock.client.Reply;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.http.Problem;
import dev.paddock.sidecar.http.Refused;
import dev.paddock.sidecar.http.Request;
import dev.paddock.sidecar.http.Response;
import dev.paddock.sidecar.http.Route;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/txn}: all of some operations or none. */
public final class TxnEndpoint {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final int OPS_MAX = 1_000;

    private final Ensemble ensemble;

    public TxnEndpoint(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    /** The operation. */
    public List<Route> routes() {
        return List.of(Route.of("POST", "/v1/txn", this::txn));
    }

    /** What an operation does. */
    enum Kind {
        @JsonProperty("create")
        CREATE,
        @JsonProperty("set")
        SET,
        @JsonProperty("delete")
        DELETE,
        @JsonProperty("check")
        CHECK
    }

    /** One operation as it is asked for; which members go with which kind is checked in {@link #operation}. */
    record Asked(
            @Nullable Kind op,
            @Nullable String path,
            @Nullable JsonNode value,
            @Nullable String base64,
            @Nullable Integer version,
            Creation.@Nullable Mode mode,
            @Nullable Boolean sequential,
            @Nullable List<Creation.Entry> acl) {

        Op operation() {
            if (op == null || path == null) throw new Refused(Problem.badRequest("each of ops has op and path"));
            boolean hasData = value != null || base64 != null;
            boolean hasCreation = mode != null || sequential != null || acl != null;
            if ((hasCreation && op != Kind.CREATE)
                    || (version != null && op == Kind.CREATE)
                    || (hasData && (op == Kind.DELETE || op == Kind.CHECK)))
                throw new Refused(Problem.badRequest("a member does not go with this op; see /openapi.json"));
            int compared = version == null ? Client.ANY_VERSION : version;
            return switch (op) {
                case CREATE -> {
                    var wanted = new Creation(value, base64, mode, sequential, null, acl);
                    yield new Op.Create(Znodes.changeable(path), wanted.data(), wanted.acls(), wanted.createMode());
                }
                case SET -> new Op.SetData(Znodes.changeable(path), Data.required(value, base64), compared);
                case DELETE -> new Op.Delete(Znodes.changeable(path), compared);
                case CHECK -> new Op.Check(Znodes.path(path), compared);
            };
        }
    }

    /** The body. */
    record Asking(@Nullable List<Asked> ops) {
        List<Op> required() {
            if (ops == null || ops.isEmpty() || ops.size() > OPS_MAX)
                throw new Refused(Problem.badRequest("ops must be 1 to " + OPS_MAX + " operations"));
            return ops.stream().map(Asked::operation).toList();
        }
    }

    /** 200 all done, with a result for each; 409 none done, with which was refused and why. */
    private Response txn(Request request) throws InterruptedException {
        List<Op> ops = request.body(Asking.class, () -> new Asking(null)).required();
        Optional<Reply<List<OpResult>>> reply;
        try {
            reply = ensemble.once(ANSWER_MAX, client -> client.multi(ops));
        } catch (ClientException.LimitExceeded tooLong) {
            throw new Refused(Problem.mistake(413, "txn-too-large", String.valueOf(tooLong.getMessage())));
        }
        if (reply.isEmpty()) return ZnodeEndpoint.unknown();
        return switch (reply.get()) {
            case Reply.Ok<List<OpResult>>(List<OpResult> results, long zxid) ->
                Response.json(
                        200,
                        Map.of(
                                "results",
                                results.stream().map(TxnEndpoint::json).toList(),
                                "zxid",
                                Long.toString(zxid)));
            case Reply.Refused<List<OpResult>> refused -> refused(refused).response();
        };
    }

    private static Problem refused(Reply.Refused<List<OpResult>> refused) {
        Problem why = Znodes.problem(refused.error(), refused.path());
        var more = new LinkedHashMap<String, Object>();
        more.put("op", refused.op());
        more.put("path", refused.path());
        more.put("reason", why.kind());
        int status = why.status() == 404 ? 409 : why.status(); // the operation is there, its znode is not
        return new Problem(status, "txn-refused", "nothing was done: " + why.detail(), why.retryable(), more);
    }

    private static Map<String, Object> json(OpResult result) {
        return switch (result) {
            case Created created -> Map.of("path", created.path(), "stat", Znodes.json(created.stat()));
            case OpResult.DataSet set -> Map.of("stat", Znodes.json(set.stat()));
            case OpResult.Deleted _ -> Map.of();
            case OpResult.Checked _ -> Map.of();
        };
    }
}
