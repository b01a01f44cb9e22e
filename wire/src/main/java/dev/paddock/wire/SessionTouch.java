package dev.paddock.wire;

import java.util.ArrayList;
import java.util.List;

/** A session that a learner heard from since its last answer to a PING. */
public record SessionTouch(long sessionId, int timeoutMillis) {
    private static final int BYTES = 12;

    /** The data of a PING: the touches one after another, with no count. */
    public static byte[] toBytes(List<SessionTouch> touches) {
        var w = new Writer(touches.size() * BYTES);
        for (SessionTouch touch : touches) {
            w.writeLong(touch.sessionId);
            w.writeInt(touch.timeoutMillis);
        }
        return w.toByteArray();
    }

    /** Reads the data of a PING. */
    public static List<SessionTouch> parse(byte[] data) {
        var r = new Reader(data);
        var touches = new ArrayList<SessionTouch>(data.length / BYTES);
        while (r.remaining() > 0) {
            touches.add(new SessionTouch(r.readLong("touch.sessionId"), r.readInt("touch.timeoutMillis")));
        }
        return List.copyOf(touches);
    }
}
