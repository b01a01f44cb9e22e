package dev.paddock.node.request;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Znode;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Request;
import dev.paddock.wire.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers a multiRead: for each read { i32 type, bool done = 0, i32 err } and its body, or { -1, 0, err } and the error
 * again; then { -1, 1, -1 }. One refused does not refuse the others; one without a path does, but those before it are answered all the same.
 */
final class MultiReads {
    /**
     * A few bytes can ask for a megabyte, tens of thousands of times in a request. Once the answer is longer than this no
     * other result is added, so it never is longer than this and the longest result. Apache ZooKeeper has no such bound.
     */
    static final int REPLY_BYTES_MAX = 16 << 20;

    private static final int CAPACITY_FIRST = 1 << 10;
    private static final int END = -1;

    private MultiReads() {}

    static Answer answer(Database database, List<Request.ReadOp> ops, AclRules rules, List<Id> ids) {
        var body = new Writer(CAPACITY_FIRST);
        for (Request.ReadOp op : ops) {
            if (body.length() > REPLY_BYTES_MAX) return new Answer.Refused(ErrorCode.BAD_ARGUMENTS);
            String path = path(op);
            if (path == null) return ended(body, ErrorCode.MARSHALLING_ERROR);
            write(database, op, path, rules, ids, body);
        }
        return ended(body, ErrorCode.OK);
    }

    private static Answer ended(Writer body, ErrorCode error) {
        header(body, END, true, -1);
        return new Answer.Encoded(body, error);
    }

    private static void write(
            Database database, Request.ReadOp op, String path, AclRules rules, List<Id> ids, Writer body) {
        Znode node = database.find(path);
        if (node == null) {
            error(body, ErrorCode.NO_NODE);
        } else if (!rules.permits(node.acl(), Perms.READ, ids)) {
            error(body, ErrorCode.NO_AUTH);
        } else {
            switch (op) {
                case Request.GetData getData -> {
                    header(body, OpCode.GET_DATA, false, 0);
                    body.writeBuffer(node.data());
                    database.writeStat(node, body);
                }
                case Request.GetChildren getChildren -> {
                    header(body, OpCode.GET_CHILDREN, false, 0);
                    node.writeChildNames(body);
                }
            }
        }
    }

    private static @Nullable String path(Request.ReadOp op) {
        return switch (op) {
            case Request.GetData(var path, boolean watch) -> path;
            case Request.GetChildren(var path, boolean watch) -> path;
        };
    }

    private static void error(Writer body, ErrorCode error) {
        header(body, OpCode.ERROR, false, error.code());
        body.writeInt(error.code());
    }

    private static void header(Writer body, int type, boolean isEnd, int error) {
        body.writeInt(type);
        body.writeBool(isEnd);
        body.writeInt(error);
    }
}
