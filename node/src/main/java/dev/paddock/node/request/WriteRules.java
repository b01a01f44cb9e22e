package dev.paddock.node.request;

import static dev.paddock.node.request.Preparer.error;

import dev.paddock.node.members.Members;
import dev.paddock.node.members.Reconfiguration;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Overrun;
import dev.paddock.node.tree.Owner;
import dev.paddock.node.tree.Quotas;
import dev.paddock.node.tree.Znode;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Request;
import dev.paddock.wire.Txn;
import dev.paddock.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rules for one write against one database. The order of the checks is Apache ZooKeeper 3.9's, since a client sees
 * the first that fails: the session first, and permissions on the parent before the existence of the child.
 */
final class WriteRules {
    private static final int ANY_VERSION = -1;

    private final Database database;
    private final Database charged;
    private final long sessionId;
    private final AclRules rules;
    private final List<Id> ids;
    private final Standing standing;
    private final Consumer<Overrun> overruns;

    WriteRules(Database database, Write write, AclRules rules, Consumer<Overrun> overruns) {
        this(database, database, write, rules, overruns);
    }

    /**
     * @param charged  the database whose quotas count: in a multi Apache looks at what was before it
     * @param overruns told of quotas that are passed
     */
    WriteRules(Database database, Database charged, Write write, AclRules rules, Consumer<Overrun> overruns) {
        this.database = database;
        this.charged = charged;
        this.sessionId = write.sessionId();
        this.rules = rules;
        this.ids = write.ids();
        this.standing = write.standing();
        this.overruns = overruns;
    }

    /** The transaction of an operation, or why it is refused. */
    Txn.Sub txn(Request.WriteOp op) {
        return switch (op) {
            case Request.Create(var path, var data, var acl, int flags) ->
                create(
                        path,
                        data,
                        acl,
                        mode(flags),
                        (full, resolved, cversion, mode) ->
                                new Txn.Create(full, data, resolved, mode.ephemeral(), cversion));
            case Request.Create2(var path, var data, var acl, int flags) ->
                create(
                        path,
                        data,
                        acl,
                        mode(flags),
                        (full, resolved, cversion, mode) ->
                                new Txn.Create2(full, data, resolved, mode.ephemeral(), cversion));
            case Request.CreateContainer(var path, var data, var acl, int flags) ->
                create(
                        path,
                        data,
                        acl,
                        mode(flags),
                        (full, resolved, cversion, mode) -> new Txn.CreateContainer(full, data, resolved, cversion));
            case Request.CreateTtl ttl -> createTtl(ttl);
            case Request.Delete(var path, int version) -> delete(path, version);
            case Request.SetData(var path, var data, int version) -> setData(path, data, version);
            case Request.Check(var path, int version) -> check(path, version);
        };
    }

    /** What the flags of a create say; Apache's {@code CreateMode}. */
    private enum Mode {
        PERSISTENT,
        EPHEMERAL,
        PERSISTENT_SEQUENTIAL,
        EPHEMERAL_SEQUENTIAL,
        CONTAINER,
        TTL,
        TTL_SEQUENTIAL;

        boolean ephemeral() {
            return this == EPHEMERAL || this == EPHEMERAL_SEQUENTIAL;
        }

        boolean sequential() {
            return this == PERSISTENT_SEQUENTIAL || this == EPHEMERAL_SEQUENTIAL || this == TTL_SEQUENTIAL;
        }

        boolean ttl() {
            return this == TTL || this == TTL_SEQUENTIAL;
        }
    }

    private static final List<Mode> MODES = List.of(Mode.values()); // by flags

    private static @Nullable Mode mode(int flags) {
        return flags >= 0 && flags < MODES.size() ? MODES.get(flags) : null;
    }

    /** Makes the transaction once nothing speaks against it. */
    private interface Creation {
        Txn.Sub txn(String path, List<Acl> acl, int parentCversion, Mode mode);
    }

    private Txn.Sub createTtl(Request.CreateTtl request) {
        Mode mode = mode(request.flags());
        if (mode == null || !mode.ttl()) return error(ErrorCode.BAD_ARGUMENTS);
        if (!database.rules().extendedTypes()) return error(ErrorCode.UNIMPLEMENTED);
        boolean lives = request.ttlMillis() > 0 && request.ttlMillis() <= Owner.TTL_MILLIS_MAX;
        if (!lives) return error(ErrorCode.BAD_ARGUMENTS);
        return checkedCreate(
                request.path(),
                request.data(),
                request.acl(),
                mode,
                (full, resolved, cversion, m) ->
                        new Txn.CreateTtl(full, request.data(), resolved, cversion, request.ttlMillis()));
    }

    private Txn.Sub create(
            @Nullable String path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            @Nullable Mode mode,
            Creation creation) {
        if (mode == null) return error(ErrorCode.BAD_ARGUMENTS);
        if (mode.ttl())
            return error(database.rules().extendedTypes() ? ErrorCode.BAD_ARGUMENTS : ErrorCode.UNIMPLEMENTED);
        return checkedCreate(path, data, acl, mode, creation);
    }

    private Txn.Sub checkedCreate(
            @Nullable String asked,
            byte @Nullable [] data,
            @Nullable List<Acl> askedAcl,
            Mode mode,
            Creation creation) {
        ErrorCode refusal = refusal(mode.ephemeral());
        if (refusal != null) return error(refusal);
        String parentPath = parentOf(asked);
        if (parentPath == null) return error(ErrorCode.BAD_ARGUMENTS);
        List<Acl> acl = rules.resolved(askedAcl, ids);
        if (acl == null) return error(ErrorCode.INVALID_ACL);
        Znode parent = parent(parentPath);
        if (parent == null) return error(ErrorCode.NO_NODE);
        if (!permits(parent, Perms.CREATE)) return error(ErrorCode.NO_AUTH);
        int number = parent.cversion();
        if (mode.sequential() && number == Integer.MAX_VALUE) return error(ErrorCode.BAD_ARGUMENTS); // none is left
        String path = mode.sequential() ? asked + String.format(Locale.ROOT, "%010d", number) : asked;
        if (!Paths.isValid(path)) return error(ErrorCode.BAD_ARGUMENTS);
        if (database.find(path) != null) return error(ErrorCode.NODE_EXISTS);
        if (ownerOf(parent) == Owner.SESSION) return error(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
        if (Quotas.refuses(charged, path, length(data), 1, overruns)) return error(ErrorCode.QUOTA_EXCEEDED);
        int cversion = number == Integer.MAX_VALUE ? number : number + 1;
        return creation.txn(path, acl, cversion, mode);
    }

    private static int length(byte @Nullable [] data) {
        return data == null ? 0 : data.length;
    }

    private Txn.Sub delete(@Nullable String path, int version) {
        ErrorCode refusal = refusal(false);
        if (refusal != null) return error(refusal);
        String parentPath = parentOf(path);
        if (parentPath == null || Paths.isSystem(path)) return error(ErrorCode.BAD_ARGUMENTS);
        Znode parent = parent(parentPath);
        if (parent == null) return error(ErrorCode.NO_NODE);
        if (!permits(parent, Perms.DELETE)) return error(ErrorCode.NO_AUTH);
        Znode node = database.find(path);
        if (node == null) return error(ErrorCode.NO_NODE);
        if (differs(version, node.version())) return error(ErrorCode.BAD_VERSION);
        if (node.childCount() > 0) return error(ErrorCode.NOT_EMPTY);
        return new Txn.Delete(path);
    }

    /**
     * The leader's own request, without a session; it deletes nothing that has been made anew as another kind of znode. Apache
     * takes the request from clients too, for all but ephemerals, and then asks nobody's permission; here a client needs the
     * same permission as for any delete.
     */
    Txn.Sub deleteContainer(Request.DeleteContainer request) {
        if (standing == Standing.MOVED) return error(ErrorCode.SESSION_MOVED);
        String path = request.path();
        String parentPath = parentOf(path);
        if (parentPath == null || Paths.isSystem(path)) return error(ErrorCode.BAD_ARGUMENTS);
        Znode node = database.find(path);
        Znode parent = parent(parentPath);
        if (node == null || parent == null) return error(ErrorCode.NO_NODE);
        if (sessionId != 0 && !permits(parent, Perms.DELETE)) return error(ErrorCode.NO_AUTH);
        if (node.childCount() > 0) return error(ErrorCode.NOT_EMPTY);
        return switch (ownerOf(node)) {
            case CONTAINER, TTL -> new Txn.DeleteContainer(path);
            case NONE -> sessionId != 0 ? new Txn.DeleteContainer(path) : error(ErrorCode.BAD_VERSION);
            case SESSION -> error(ErrorCode.BAD_VERSION);
        };
    }

    private Txn.Sub setData(@Nullable String path, byte @Nullable [] data, int version) {
        ErrorCode refusal = refusal(false);
        if (refusal != null) return error(refusal);
        if (!Paths.isValid(path)) return error(ErrorCode.BAD_ARGUMENTS);
        Znode node = database.find(path);
        if (node == null) return error(ErrorCode.NO_NODE);
        if (!permits(node, Perms.WRITE)) return error(ErrorCode.NO_AUTH);
        if (Quotas.refuses(charged, path, length(data) - (long) node.dataLength(), 0, overruns)) {
            return error(ErrorCode.QUOTA_EXCEEDED);
        }
        if (differs(version, node.version())) return error(ErrorCode.BAD_VERSION);
        return new Txn.SetData(path, data, following(node.version()));
    }

    private Txn.Sub check(@Nullable String path, int version) {
        ErrorCode refusal = refusal(false);
        if (refusal != null) return error(refusal);
        if (!Paths.isValid(path)) return error(ErrorCode.BAD_ARGUMENTS);
        Znode node = database.find(path);
        if (node == null) return error(ErrorCode.NO_NODE);
        if (!permits(node, Perms.READ)) return error(ErrorCode.NO_AUTH);
        if (differs(version, node.version())) return error(ErrorCode.BAD_VERSION);
        return new Txn.Check(path, following(node.version()));
    }

    Txn setAcl(Request.SetAcl request) {
        ErrorCode refusal = refusal(false);
        if (refusal != null) return error(refusal);
        if (!Paths.isValid(request.path())) return error(ErrorCode.BAD_ARGUMENTS);
        List<Acl> acl = rules.resolved(request.acl(), ids);
        if (acl == null) return error(ErrorCode.INVALID_ACL);
        Znode node = database.find(request.path());
        if (node == null) return error(ErrorCode.NO_NODE);
        if (!permits(node, Perms.ADMIN)) return error(ErrorCode.NO_AUTH);
        if (differs(request.version(), node.aversion())) return error(ErrorCode.BAD_VERSION);
        return new Txn.SetAcl(request.path(), acl, following(node.aversion()));
    }

    /** New members, unless the leader or the ACL refuses them. */
    Txn reconfig(Reconfiguration.Outcome judged) {
        boolean isDisabled = judged instanceof Reconfiguration.Outcome.Refused refused
                && refused.error() == ErrorCode.RECONFIG_DISABLED;
        ErrorCode refusal = isDisabled ? null : refusal(false);
        if (refusal != null) return error(refusal);
        return switch (judged) {
            case Reconfiguration.Outcome.Refused(ErrorCode error, String why) -> error(error);
            case Reconfiguration.Outcome.Accepted(Members next) -> reconfig(next);
        };
    }

    private Txn reconfig(Members next) {
        Znode config = database.find(Database.CONFIG);
        if (config == null) return error(ErrorCode.NO_NODE);
        if (!permits(config, Perms.WRITE)) return error(ErrorCode.NO_AUTH);
        return new Txn.Reconfig(Database.CONFIG, next.text().getBytes(StandardCharsets.UTF_8), ANY_VERSION);
    }

    /**
     * Why the session may not do this; null if it may. The head loses a session with the proposal that closes it, so what
     * comes after that is refused.
     */
    private @Nullable ErrorCode refusal(boolean createsEphemeral) {
        if (standing == Standing.MOVED) return ErrorCode.SESSION_MOVED;
        if (database.sessionTimeoutMillis(sessionId) >= 0) return null;
        return switch (standing) {
            case GLOBAL, MOVED -> ErrorCode.SESSION_EXPIRED;
            case LOCAL_ELSEWHERE -> createsEphemeral ? ErrorCode.SESSION_EXPIRED : null;
            case LOCAL_HERE -> createsEphemeral ? ErrorCode.EPHEMERAL_ON_LOCAL_SESSION : null;
        };
    }

    /** The path of the parent, empty for the root; null if the path has none, or a NUL. */
    private static @Nullable String parentOf(@Nullable String path) {
        if (path == null) throw new WireException("path: null"); // other than of a wrong one, Apache says no more of it
        int slash = path.lastIndexOf('/');
        return slash < 0 || path.indexOf('\0') >= 0 ? null : path.substring(0, slash);
    }

    private @Nullable Znode parent(String path) {
        return path.isEmpty() ? database.root() : database.find(path);
    }

    private Owner ownerOf(Znode node) {
        return Owner.of(node.ephemeralOwner(), database.rules());
    }

    private boolean permits(Znode node, int perm) {
        return rules.permits(node.acl(), perm, ids);
    }

    private static boolean differs(int asked, int version) {
        return asked != ANY_VERSION && asked != version;
    }

    /** After the highest version come the negative ones; -1 is left out, since asking for it means any. */
    private static int following(int version) {
        return version == ANY_VERSION - 1 ? 0 : version + 1;
    }
}
