package dev.paddock.node;

/** What must hold in production too. A broken invariant stops the server: nobody catches it, a peer takes over. */
public final class Invariant {
    private Invariant() {}

    /** The server's own state is wrong; going on could only spread it. */
    public static final class Broken extends Error {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }

    /**
     * Checks that {@code holds}.
     *
     * @param what names the invariant, as a short noun phrase
     * @throws Broken if it does not hold
     */
    public static void check(boolean holds, String what) {
        if (!holds) throw new Broken(what);
    }

    /**
     * Checks that {@code holds}; the two values are shown in hexadecimal, as zxids are.
     *
     * @throws Broken if it does not hold
     */
    public static void check(boolean holds, String what, long a, long b) {
        if (!holds) throw new Broken(what + ": 0x" + Long.toHexString(a) + ", 0x" + Long.toHexString(b));
    }
}
