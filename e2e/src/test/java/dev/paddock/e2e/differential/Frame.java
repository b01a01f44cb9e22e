package dev.paddock.e2e.differential;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a client heard, made comparable: zxids count from the start of the stream, session ids are numbered, times are 0.
 *
 * @param ask  what it answers; null if nothing
 * @param zxid {@link Masks#OLD} if from before the stream
 */
record Frame(Kind kind, @Nullable Ask ask, int xid, long zxid, int err, byte[] body) {

    /** What kind of thing. */
    enum Kind {
        /** The answer to the first frame; it has a body only. */
        HELLO,
        REPLY,
        EVENT,
        /** The server has closed the connection. */
        CLOSED,
        /** The server says nothing, though it should. */
        SILENCE
    }

    static Frame bare(Kind kind) {
        return new Frame(kind, null, 0, 0, 0, new byte[0]);
    }

    /** Equal as seen by the client; what was asked is the same anyway. */
    boolean looksAs(Frame other) {
        return kind == other.kind
                && xid == other.xid
                && zxid == other.zxid
                && err == other.err
                && Arrays.equals(body, other.body);
    }

    @Override
    public String toString() {
        return Show.frame(this);
    }
}
