package dev.paddock.node.front;

import dev.paddock.wire.Response;
import dev.paddock.wire.WatcherEvent;
import dev.paddock.wire.Writer;

/** Frames to a client: i32 length, reply header (i32 xid, i64 zxid, i32 err), body. */
final class Frames {
    private static final int ERROR_AT = 4 + 4 + 8;
    private static final int EVENT_XID = -1;

    /** Of a reply, before its body. */
    static final int HEAD_BYTES = ERROR_AT + 4;

    private Frames() {}

    /** Begins a reply; the body follows. Returns where it starts, for {@link #end}. */
    static int begin(Writer w, int xid, long zxid) {
        int start = w.length();
        w.writeInt(0);
        w.writeInt(xid);
        w.writeLong(zxid);
        w.writeInt(0);
        return start;
    }

    /** Ends a reply that has its body, or an error and no body. */
    static void end(Writer w, int start, int error) {
        w.setInt(start, w.length() - start - 4);
        w.setInt(start + ERROR_AT, error);
    }

    /** A reply without a body. */
    static void bare(Writer w, int xid, long zxid, int error) {
        end(w, begin(w, xid, zxid), error);
    }

    /** A reply with a body. */
    static void reply(Writer w, int xid, long zxid, Response body) {
        int start = begin(w, xid, zxid);
        body.write(w);
        end(w, start, 0);
    }

    /** A watch that fired; the zxid is -1 if the change lies before the watch was set again. */
    static void event(Writer w, long zxid, int type, String path) {
        int start = begin(w, EVENT_XID, zxid);
        new WatcherEvent(type, WatcherEvent.SYNC_CONNECTED, path).write(w);
        end(w, start, 0);
    }
}
