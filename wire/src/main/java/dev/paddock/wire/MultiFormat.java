package dev.paddock.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The format of multi and multiRead: for each operation or result a header { i32 type, bool done = 0, i32 err } and its body, then { -1, 1, -1 }. Nothing says
 * how many follow, so a list grows only as its bytes are read.
 */
final class MultiFormat {
    private static final int END = -1;
    private static final int FLAG_MAX = 6;
    private static final int CONTAINER_FLAG = 4; // those below are persistent and ephemeral, the two above have a TTL

    private MultiFormat() {}

    /** @throws NullAclException where an ACL is null, which Apache ZooKeeper takes for another fault than the others */
    static List<Request.WriteOp> readWriteOps(Reader r) {
        var ops = new ArrayList<Request.WriteOp>();
        for (Request op : readOps(r)) {
            if (!(op instanceof Request.WriteOp write)) {
                throw new WireException("multi.type: reads in a multi");
            }
            ops.add(write);
        }
        return List.copyOf(ops);
    }

    /** Operations that are no reads come as reads of nothing: these fail alike, where they stand. */
    static List<Request.ReadOp> readReadOps(Reader r) {
        var ops = new ArrayList<Request.ReadOp>();
        for (Request op : readOps(r)) {
            ops.add(op instanceof Request.ReadOp read ? read : new Request.GetData(null, false));
        }
        return List.copyOf(ops);
    }

    private static List<Request> readOps(Reader r) {
        var ops = new ArrayList<Request>();
        for (int type = readHeader(r); type != END; type = readHeader(r)) {
            requireOperation(type);
            Request op = RequestFormat.read(type, r);
            check(op);
            if (!ops.isEmpty() && isRead(op) != isRead(ops.getFirst())) {
                throw new WireException("multi.type: reads and writes together");
            }
            ops.add(op);
        }
        return ops;
    }

    private static boolean isRead(Request op) {
        return op instanceof Request.ReadOp;
    }

    /** Apache ZooKeeper looks at the flags of a create when it reads a multi, and refuses all of it for one that is wrong. */
    private static void check(Request op) {
        switch (op) {
            case Request.Create(var path, var data, var acl, int flags) -> check(flags, acl);
            case Request.Create2(var path, var data, var acl, int flags) -> check(flags, acl);
            case Request.CreateContainer(var path, var data, var acl, int flags) -> check(flags, acl);
            default -> {}
        }
    }

    private static void check(int flags, @Nullable List<Acl> acl) {
        if (acl == null && flags >= 0 && flags <= FLAG_MAX) {
            throw new NullAclException(); // looked at before it is known that a create has no time to live
        }
        if (flags < 0 || flags > CONTAINER_FLAG) {
            throw new WireException("multi.flags: " + flags + " in a create");
        }
    }

    static void writeRequests(Writer w, List<? extends Request> ops) {
        for (Request op : ops) {
            writeHeader(w, op.opCode(), false, -1);
            op.write(w);
        }
        writeHeader(w, END, true, -1);
    }

    static List<Response.Result> readResults(Reader r) {
        var results = new ArrayList<Response.Result>();
        while (true) {
            int type = r.readInt("multi.type");
            boolean done = r.readBool("multi.done");
            r.readInt("multi.err");
            if (done) {
                return List.copyOf(results);
            }
            results.add(ResponseFormat.readResult(type, r));
        }
    }

    static void writeResults(Writer w, List<Response.Result> results) {
        for (Response.Result result : results) {
            writeHeader(w, result.resultType(), false, result instanceof Response.Failed(int err) ? err : 0);
            result.write(w);
        }
        writeHeader(w, END, true, -1);
    }

    /** Checked before the body is read, so that a multi in a multi is never entered. */
    private static void requireOperation(int type) {
        switch (type) {
            case OpCode.CREATE,
                    OpCode.CREATE2,
                    OpCode.CREATE_CONTAINER,
                    OpCode.CREATE_TTL,
                    OpCode.DELETE,
                    OpCode.SET_DATA,
                    OpCode.CHECK,
                    OpCode.GET_DATA,
                    OpCode.GET_CHILDREN -> {}
            default -> throw new WireException("multi.type: " + OpCode.name(type) + " in a multi");
        }
    }

    /** The type, or {@link #END}. */
    private static int readHeader(Reader r) {
        int type = r.readInt("multi.type");
        boolean done = r.readBool("multi.done");
        r.readInt("multi.err");
        if (!done && type == END) {
            throw new WireException("multi.type: an error in a request");
        }
        return done ? END : type;
    }

    private static void writeHeader(Writer w, int type, boolean done, int err) {
        w.writeInt(type);
        w.writeBool(done);
        w.writeInt(err);
    }
}
