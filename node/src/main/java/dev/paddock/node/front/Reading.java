package dev.paddock.node.front;

import dev.paddock.node.request.Answer;
import dev.paddock.node.request.Reads;
import dev.paddock.node.tree.Database;
import dev.paddock.node.watch.WatchKind;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Answers what a loop can answer from its view, and sets the watches that go with it in the same step.
 *
 * <p>The four reads that clients live on are decoded where they lie and answered into the connection's buffer; they make
 * no garbage unless they set a watch.
 */
final class Reading {
    private static final int PATH_AT = 4; // after its length
    private static final int LENGTH_BYTES = 4;
    private static final int WATCH_BYTES = 1;
    private static final int STAT_BYTES = 68; // which Apache counts with every read
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int PAGE_BYTES_MAX = 256 << 10; // of names
    private static final int PAGE_REST_BYTES = 128; // header, stat and what else is in the answer beside names
    private static final int PING_XID = -2; // whatever the client counts it by

    private final ClientLoop loop;
    private final Watching watching;

    Reading(ClientLoop loop, Watching watching) {
        this.loop = loop;
        this.watching = watching;
    }

    /**
     * Answers a read whose body is {@code buf[from, to)}.
     *
     * @param ids who has asked: what the connection had proved when the read came
     */
    void answer(Connection c, int xid, int type, byte[] buf, int from, int to, List<Id> ids, long arrivedNanos) {
        Database view = loop.view();
        int start = loop.out(c).length();
        try {
            switch (type) {
                case OpCode.PING -> Frames.bare(loop.out(c), PING_XID, view.lastZxid(), 0);
                case OpCode.EXISTS, OpCode.GET_DATA, OpCode.GET_CHILDREN, OpCode.GET_CHILDREN2 ->
                    inPlace(c, view, xid, type, buf, from, to, ids);
                case OpCode.GET_CHILDREN_PAGE ->
                    page(c, view, xid, (Request.GetChildrenPage) Request.read(type, new Reader(buf, from, to)), ids);
                default -> other(c, view, xid, Request.read(type, new Reader(buf, from, to)), ids);
            }
        } catch (WireException e) { // nothing of the answer is written before the request is read
            Frames.bare(loop.out(c), xid, view.lastZxid(), ErrorCode.MARSHALLING_ERROR.code());
        }
        loop.answered(c, type, xid, view.lastZxid(), arrivedNanos);
        int bytes = loop.out(c).length() - start - LENGTH_BYTES;
        if (bytes > loop.limits.frameBytesMax()) {
            loop.largeAnswer(c, type, bytes);
        }
    }

    /** The reads of the form ustring path, bool watch. */
    private void inPlace(Connection c, Database view, int xid, int type, byte[] buf, int from, int to, List<Id> ids) {
        var body = new Reader(buf, from, to);
        int pathBytes = body.readInt("path");
        int pathFrom = from + PATH_AT;
        if (pathBytes < 0 || pathBytes > to - pathFrom - WATCH_BYTES) {
            throw new WireException("path: " + pathBytes + " bytes claimed");
        }
        int pathTo = pathFrom + pathBytes;
        boolean watch = buf[pathTo] != 0;

        Writer out = loop.out(c);
        int start = Frames.begin(out, xid, view.lastZxid());
        ErrorCode error = switch (type) {
            case OpCode.EXISTS -> Reads.exists(view, buf, pathFrom, pathTo, loop.acl, ids, out);
            case OpCode.GET_DATA -> Reads.getData(view, buf, pathFrom, pathTo, loop.acl, ids, out);
            case OpCode.GET_CHILDREN -> Reads.getChildren(view, buf, pathFrom, pathTo, loop.acl, ids, out);
            case OpCode.GET_CHILDREN2 -> Reads.getChildren2(view, buf, pathFrom, pathTo, loop.acl, ids, out);
            default -> throw new IllegalArgumentException("no such read: " + OpCode.name(type));
        };
        if (error == ErrorCode.OK) {
            loop.meter.reads.add(buf, pathFrom, pathTo, pathBytes + STAT_BYTES + payloadBytes(type, out, start));
        }
        Frames.end(out, start, error.code());
        if (watch && (error == ErrorCode.OK || (error == ErrorCode.NO_NODE && type == OpCode.EXISTS))) {
            boolean isChild = type == OpCode.GET_CHILDREN || type == OpCode.GET_CHILDREN2;
            watching.add(c, isChild ? WatchKind.CHILD : WatchKind.DATA, buf, pathFrom, pathTo);
            watching.closeIfTooMany(c);
        }
    }

    /** The bytes of data or of names in an answer that is being written. */
    private static int payloadBytes(int type, Writer out, int start) {
        if (type == OpCode.EXISTS) return 0;
        int first = (int) INT.get(out.array(), start + Frames.HEAD_BYTES); // how long the data is, or how many names
        int names = out.length() - start - Frames.HEAD_BYTES - LENGTH_BYTES * (first + 1);
        return switch (type) {
            case OpCode.GET_DATA -> Math.max(0, first);
            case OpCode.GET_CHILDREN -> names;
            default -> names - STAT_BYTES;
        };
    }

    private void page(Connection c, Database view, int xid, Request.GetChildrenPage asked, List<Id> ids) {
        int bytesMax = Math.min(PAGE_BYTES_MAX, loop.limits.frameBytesMax() - PAGE_REST_BYTES);
        Writer out = loop.out(c);
        int start = Frames.begin(out, xid, view.lastZxid());
        ErrorCode error = Reads.getChildrenPage(view, asked, bytesMax, loop.acl, ids, out);
        Frames.end(out, start, error.code());
        if (asked.watch() && error == ErrorCode.OK) {
            byte[] path = asked.path().getBytes(StandardCharsets.UTF_8);
            watching.add(c, WatchKind.CHILD, path, 0, path.length);
            watching.closeIfTooMany(c);
        }
    }

    private void other(Connection c, Database view, int xid, Request request, List<Id> ids) {
        Answer answer = switch (request) {
            case Request.SetWatches set -> watching.restore(c, set);
            case Request.SetWatches2 set -> watching.restore(c, set);
            case Request.AddWatch(var path, int mode) -> watching.add(c, path, mode);
            case Request.CheckWatches(var path, int type) -> watching.check(c, path, type);
            case Request.RemoveWatches(var path, int type) -> watching.remove(c, path, type);
            default -> Reads.answer(view, request, c.sessionId, loop.acl, ids);
        };
        Writer out = loop.out(c);
        switch (answer) {
            case Answer.Reply(Response body) -> Frames.reply(out, xid, view.lastZxid(), body);
            case Answer.Encoded(Writer body, ErrorCode error) -> {
                int start = Frames.begin(out, xid, view.lastZxid());
                out.raw(body.array(), 0, body.length());
                Frames.end(out, start, error.code());
            }
            case Answer.Refused(ErrorCode error) -> Frames.bare(out, xid, view.lastZxid(), error.code());
        }
        watching.closeIfTooMany(c);
    }
}
