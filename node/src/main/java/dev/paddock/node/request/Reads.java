package dev.paddock.node.request;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Znode;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Writer;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers reads from a database, with the checks of Apache ZooKeeper 3.9's {@code FinalRequestProcessor}. Setting the
 * watch that a read may ask for is the caller's part: if the read succeeds, and for exists also when there is no znode.
 */
public final class Reads {
    private Reads() {}

    /** Answers any read; what is no read is {@link ErrorCode#UNIMPLEMENTED}. */
    public static Answer answer(Database database, Request request, long sessionId, AclRules rules, List<Id> ids) {
        return switch (request) {
            case Request.ReadOp op -> one(database, op, rules, ids);
            case Request.MultiRead(var ops) -> MultiReads.answer(database, ops, rules, ids);
            case Request.Exists(var path, boolean watch) -> exists(database, path, rules, ids);
            case Request.GetChildren2(var path, boolean watch) ->
                reply(
                        database,
                        path,
                        Perms.READ,
                        rules,
                        ids,
                        node -> new Response.GetChildren2(node.childNames(), database.stat(node)));
            case Request.GetAcl(var path) ->
                reply(
                        database,
                        path,
                        Perms.READ | Perms.ADMIN,
                        rules,
                        ids,
                        node -> new Response.GetAcl(shownAcl(node, rules, ids), database.stat(node)));
            case Request.GetAllChildrenNumber(var path) ->
                reply(
                        database,
                        path,
                        Perms.READ,
                        rules,
                        ids,
                        node -> new Response.GetAllChildrenNumber(descendants(database, path, node)));
            case Request.GetEphemerals(var prefix) ->
                new Answer.Reply(new Response.GetEphemerals(ephemerals(database, sessionId, prefix)));
            case Request.WhoAmI whoAmI -> new Answer.Reply(whoAmI(rules, ids));
            default -> new Answer.Refused(ErrorCode.UNIMPLEMENTED); // writes, and what concerns one connection
        };
    }

    private static Answer one(Database database, Request.ReadOp op, AclRules rules, List<Id> ids) {
        return switch (op) {
            case Request.GetData(var path, boolean watch) ->
                reply(
                        database,
                        path,
                        Perms.READ,
                        rules,
                        ids,
                        node -> new Response.GetData(node.data(), database.stat(node)));
            case Request.GetChildren(var path, boolean watch) ->
                reply(database, path, Perms.READ, rules, ids, node -> new Response.GetChildren(node.childNames()));
        };
    }

    private static Answer reply(
            Database database,
            @Nullable String path,
            int perm,
            AclRules rules,
            List<Id> ids,
            Function<Znode, Response> response) {
        if (path == null) return new Answer.Refused(ErrorCode.MARSHALLING_ERROR);
        Znode node = database.find(path);
        if (node == null) return new Answer.Refused(ErrorCode.NO_NODE);
        if (!rules.permits(node.acl(), perm, ids)) return new Answer.Refused(ErrorCode.NO_AUTH);
        return new Answer.Reply(response.apply(node));
    }

    private static Answer exists(Database database, @Nullable String path, AclRules rules, List<Id> ids) {
        if (path == null) return new Answer.Refused(ErrorCode.MARSHALLING_ERROR);
        if (path.indexOf('\0') >= 0) return new Answer.Refused(ErrorCode.BAD_ARGUMENTS);
        return reply(database, path, Perms.READ, rules, ids, node -> new Response.Exists(database.stat(node)));
    }

    /** Apache knows the root by two names, and counts {@code /} among what is below the empty one. */
    private static int descendants(Database database, String path, Znode node) {
        return database.descendants(node) + (path.isEmpty() ? 1 : 0);
    }

    private static List<Acl> shownAcl(Znode node, AclRules rules, List<Id> ids) {
        boolean mayChange = rules.permits(node.acl(), Perms.ADMIN, ids);
        return mayChange ? node.acl() : AclRules.redacted(node.acl());
    }

    private static List<String> ephemerals(Database database, long sessionId, @Nullable String prefix) {
        List<String> all = database.ephemeralsOf(sessionId);
        if (prefix == null || prefix.trim().isEmpty() || prefix.trim().equals("/")) return all;
        return all.stream().filter(path -> path.startsWith(prefix)).toList();
    }

    private static Response whoAmI(AclRules rules, List<Id> ids) {
        return new Response.WhoAmI(
                ids.stream().map(id -> new Id(id.scheme(), rules.user(id))).toList());
    }

    /**
     * Writes the body of the reply to a getData: data and stat. Allocates nothing.
     *
     * @param path holds the path as UTF-8 in {@code [from, to)}
     * @param out  untouched unless the result is {@link ErrorCode#OK}
     */
    public static ErrorCode getData(
            Database database, byte[] path, int from, int to, AclRules rules, List<Id> ids, Writer out) {
        Znode node = database.find(path, from, to);
        if (node == null) return ErrorCode.NO_NODE;
        if (!mayRead(node, rules, ids)) return ErrorCode.NO_AUTH;
        out.writeBuffer(node.data());
        database.writeStat(node, out);
        return ErrorCode.OK;
    }

    /** Writes the body of the reply to an exists, the stat; the rest as for {@link #getData}. */
    public static ErrorCode exists(
            Database database, byte[] path, int from, int to, AclRules rules, List<Id> ids, Writer out) {
        Znode node = database.find(path, from, to);
        if (node == null) return hasNul(path, from, to) ? ErrorCode.BAD_ARGUMENTS : ErrorCode.NO_NODE;
        if (!mayRead(node, rules, ids)) return ErrorCode.NO_AUTH;
        database.writeStat(node, out);
        return ErrorCode.OK;
    }

    /** Writes the body of the reply to a getChildren: the names; the rest as for {@link #getData}. */
    public static ErrorCode getChildren(
            Database database, byte[] path, int from, int to, AclRules rules, List<Id> ids, Writer out) {
        Znode node = database.find(path, from, to);
        if (node == null) return ErrorCode.NO_NODE;
        if (!mayRead(node, rules, ids)) return ErrorCode.NO_AUTH;
        node.writeChildNames(out);
        return ErrorCode.OK;
    }

    /** Writes the body of the reply to a getChildren2: names and stat; the rest as for {@link #getData}. */
    public static ErrorCode getChildren2(
            Database database, byte[] path, int from, int to, AclRules rules, List<Id> ids, Writer out) {
        ErrorCode error = getChildren(database, path, from, to, rules, ids, out);
        Znode node = error == ErrorCode.OK ? database.find(path, from, to) : null;
        if (node != null) database.writeStat(node, out);
        return error;
    }

    /**
     * Writes the body of the reply to a getChildrenPage, of names with at most this many bytes; the rest as for {@link #getData}.
     */
    public static ErrorCode getChildrenPage(
            Database database, Request.GetChildrenPage asked, int bytesMax, AclRules rules, List<Id> ids, Writer out) {
        if (asked.limit() < 1) return ErrorCode.BAD_ARGUMENTS;
        Znode node = database.find(asked.path());
        if (node == null) return ErrorCode.NO_NODE;
        if (!mayRead(node, rules, ids)) return ErrorCode.NO_AUTH;
        ChildPages.write(database, node, asked, bytesMax, out);
        return ErrorCode.OK;
    }

    private static boolean hasNul(byte[] path, int from, int to) {
        for (int i = from; i < to; i++) if (path[i] == 0) return true;
        return false;
    }

    private static boolean mayRead(Znode node, AclRules rules, List<Id> ids) {
        return rules.permits(node.acl(), Perms.READ, ids);
    }
}
