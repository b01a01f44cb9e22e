package dev.paddock.node.session;

import org.jspecify.annotations.Nullable;

/**
 * Gives ids to new sessions, and passwords to ids. Both are exactly Apache ZooKeeper 3.9's ({@code SessionTrackerImpl},
 * {@code ZooKeeperServer.generatePasswd}), or else clients could not move between its servers and ours. Owned by the
 * one thread that opens sessions on this server.
 */
public final class SessionIds {
    /** How long a password is, in bytes. */
    public static final int PASSWORD_BYTES = 16;

    private static final long SALT = 0xB3415C00L;
    private static final long CONTAINER_MARK = Long.MIN_VALUE; // an owner that is no session, so no session's id

    private long next;

    /**
     * Starts to count.
     *
     * @param sid         of this server, 0 to 255: the top byte of every id
     * @param startMillis a time after that of any earlier start of this server; 40 bits of it follow the sid, and two
     *                    bytes to count in the last
     */
    public SessionIds(long sid, long startMillis) {
        long first = ((startMillis << 24) >>> 8) | (sid << 56);
        this.next = first == CONTAINER_MARK ? first + 1 : first;
    }

    /** The next id. */
    public long next() {
        return next++;
    }

    /** The password that proves a session: any server of the ensemble can tell it from the id alone. */
    public static byte[] password(long sessionId) {
        byte[] password = new byte[PASSWORD_BYTES];
        long state = (sessionId ^ SALT ^ 0x5DEECE66DL) & ((1L << 48) - 1); // java.util.Random, of which this is a part
        for (int i = 0; i < PASSWORD_BYTES; i += Integer.BYTES) {
            state = (state * 0x5DEECE66DL + 0xBL) & ((1L << 48) - 1);
            int word = (int) (state >>> 16);
            for (int j = 0; j < Integer.BYTES; j++) password[i + j] = (byte) (word >> (8 * j));
        }
        return password;
    }

    /** Whether a client has proved a session. Takes the same time wherever the bytes differ. */
    public static boolean isPassword(long sessionId, byte @Nullable [] claimed) {
        if (sessionId == 0 || claimed == null || claimed.length != PASSWORD_BYTES) return false;
        byte[] right = password(sessionId);
        int different = 0;
        for (int i = 0; i < PASSWORD_BYTES; i++) different |= right[i] ^ claimed[i];
        return different == 0;
    }
}
