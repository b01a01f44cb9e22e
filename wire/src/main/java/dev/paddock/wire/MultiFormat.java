package dev.paddock.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * The format of multi and multiRead: for each operation or result a header { i32 type, bool done = 0, i32 err } and its body, then { -1, 1, -1 }. Nothing says
 * how many follow, so a list grows only as its bytes are read.
 */
final class MultiFormat {
    private static final int END = -1;

    private MultiFormat() {}

    static List<Request.WriteOp> readWriteOps(Reader r) {
        var ops = new ArrayList<Request.WriteOp>();
        for (int type = readHeader(r); type != END; type = readHeader(r)) {
            requireOneOf(type, OpCode.MULTI);
            ops.add((Request.WriteOp) RequestFormat.read(type, r));
        }
        return List.copyOf(ops);
    }

    static List<Request.ReadOp> readReadOps(Reader r) {
        var ops = new ArrayList<Request.ReadOp>();
        for (int type = readHeader(r); type != END; type = readHeader(r)) {
            requireOneOf(type, OpCode.MULTI_READ);
            ops.add((Request.ReadOp) RequestFormat.read(type, r));
        }
        return List.copyOf(ops);
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
    private static void requireOneOf(int type, int multi) {
        boolean allowed = switch (type) {
            case OpCode.CREATE,
                    OpCode.CREATE2,
                    OpCode.CREATE_CONTAINER,
                    OpCode.CREATE_TTL,
                    OpCode.DELETE,
                    OpCode.SET_DATA,
                    OpCode.CHECK -> multi == OpCode.MULTI;
            case OpCode.GET_DATA, OpCode.GET_CHILDREN -> multi == OpCode.MULTI_READ;
            default -> false;
        };
        if (!allowed) {
            throw new WireException("multi.type: " + OpCode.name(type) + " in a " + OpCode.name(multi));
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
