package dev.paddock.node.sim;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Znode;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Stat;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What writes must be answered, by the state just before them: said once more and plainly, so that each answer of a history,
 * refusals included, is one that a single server with nobody else about would have given there.
 */
final class Model {
    private static final int GONE = Integer.MIN_VALUE;
    private static final int SEQUENTIAL = 2;
    private static final int ANY_VERSION = -1;
    private static final int NEVER_TRIED = ErrorCode.RUNTIME_INCONSISTENCY.code(); // what follows a refusal in a multi

    /** What has its cause elsewhere than in the tree. */
    private static final Set<Integer> OF_OTHERS = Set.of(
            ErrorCode.MARSHALLING_ERROR.code(), // too large for a transaction
            ErrorCode.SESSION_MOVED.code(),
            ErrorCode.SESSION_EXPIRED.code(),
            ErrorCode.EPHEMERAL_ON_LOCAL_SESSION.code());

    private final Database before;
    private final Map<String, Integer> versions = new HashMap<>(); // of what the request itself has changed

    private Model(Database before) {
        this.before = before;
    }

    /** What is wrong with an answer; empty if it is what had to come, or has to do with more than the tree. */
    static Optional<String> lie(Database before, Database after, SimClient.Answered a) {
        List<Request.WriteOp> ops = ops(a.request());
        if (ops.isEmpty() || !ops.stream().allMatch(Model::isKnown)) return Optional.empty();
        int[] told = errors(a);
        if (Arrays.stream(told).anyMatch(OF_OTHERS::contains)) return Optional.empty();
        Model model = new Model(before);
        int[] right = model.errors(ops);
        if (!Arrays.equals(told, right)) {
            return Optional.of("errors " + Arrays.toString(told) + " and not " + Arrays.toString(right));
        }
        return Arrays.stream(right).anyMatch(error -> error != 0) ? Optional.empty() : model.difference(after, a);
    }

    private static List<Request.WriteOp> ops(Request request) {
        return switch (request) {
            case Request.Multi(List<Request.WriteOp> ops) -> ops;
            case Request.WriteOp op -> List.of(op);
            default -> List.of();
        };
    }

    private static boolean isKnown(Request.WriteOp op) {
        return switch (op) {
            case Request.Create create -> (create.flags() & SEQUENTIAL) == 0;
            case Request.SetData _, Request.Delete _, Request.Check _ -> true;
            default -> false;
        };
    }

    private static int[] errors(SimClient.Answered a) {
        if (!(a.body() instanceof Response.Multi(List<Response.Result> results))) return new int[] {a.error()};
        return results.stream()
                .mapToInt(result -> result instanceof Response.Failed(int error) ? error : 0)
                .toArray();
    }

    /** Between what the request leaves and what is there after it. */
    private Optional<String> difference(Database after, SimClient.Answered a) {
        for (Map.Entry<String, Integer> left : versions.entrySet()) {
            Znode node = after.find(left.getKey());
            int version = node == null ? GONE : node.version();
            if (version != left.getValue()) {
                return Optional.of("version " + version + " of " + left.getKey() + " and not " + left.getValue());
            }
        }
        boolean isRight = !(a.request() instanceof Request.SetData set)
                || (a.body() instanceof Response.SetData(Stat stat)
                        && stat.version() == version(set.path())
                        && stat.mzxid() == a.zxid()
                        && Arrays.equals(set.data(), after.find(set.path()).data()));
        return isRight ? Optional.empty() : Optional.of("other data, or " + a.body());
    }

    /** The error of each operation; one after the other, and none happens unless all do. */
    private int[] errors(List<Request.WriteOp> ops) {
        int[] errors = new int[ops.size()];
        boolean isRefused = false;
        for (int i = 0; i < errors.length; i++) {
            errors[i] = isRefused ? NEVER_TRIED : error(ops.get(i));
            isRefused |= errors[i] != 0;
        }
        return errors;
    }

    /** 0 if it happens. */
    private int error(Request.WriteOp op) {
        return switch (op) {
            case Request.Create create -> made(create.path());
            case Request.SetData set -> changed(set.path(), set.version(), version(set.path()) + 1);
            case Request.Delete delete -> deleted(delete);
            case Request.Check check -> changed(check.path(), check.version(), version(check.path()));
            default -> throw new IllegalArgumentException("not known: " + op);
        };
    }

    private int made(String path) {
        String parent = path.substring(0, Math.max(1, path.lastIndexOf('/')));
        if (version(parent) == GONE) return ErrorCode.NO_NODE.code();
        if (version(path) != GONE) return ErrorCode.NODE_EXISTS.code();
        versions.put(path, 0);
        return 0;
    }

    private int deleted(Request.Delete delete) {
        Znode node = before.find(delete.path());
        boolean hasChildren = node != null && !node.childNames().isEmpty();
        int error = changed(delete.path(), delete.version(), GONE);
        return error == 0 && hasChildren ? ErrorCode.NOT_EMPTY.code() : error;
    }

    private int changed(String path, int expected, int next) {
        int version = version(path);
        if (version == GONE) return ErrorCode.NO_NODE.code();
        if (expected != ANY_VERSION && expected != version) return ErrorCode.BAD_VERSION.code();
        versions.put(path, next);
        return 0;
    }

    /** {@link #GONE} if there is no such znode. */
    private int version(String path) {
        Znode node = before.find(path);
        return versions.getOrDefault(path, node == null ? GONE : node.version());
    }
}
