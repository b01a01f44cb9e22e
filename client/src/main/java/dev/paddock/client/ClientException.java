package dev.paddock.client;

import dev.paddock.wire.ErrorCode;

/**
 * Why a call has no value. Futures complete with it, blocking calls throw it. {@link Refused} comes only out of {@link Reply#value()}; the others are
 * faults of the world, and each says whether the request may have been done.
 */
public abstract sealed class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ClientException(String message) {
        super(message);
    }

    /** The server refused, and nothing was changed. */
    public static final class Refused extends ClientException {
        private static final long serialVersionUID = 1L;
        private final ErrorCode error;
        private final String path;
        private final int op;

        Refused(ErrorCode error, String path, int op) {
            super(error
                    + (path.isEmpty() ? "" : " for " + path)
                    + (op == 0 ? "" : " (operation " + op + " of the multi)"));
            this.error = error;
            this.path = path;
            this.op = op;
        }

        /** Why. */
        public ErrorCode error() {
            return error;
        }

        /** The path that was refused; may be empty. */
        public String path() {
            return path;
        }

        /** The index of the refused operation in a multi; 0 elsewhere. */
        public int op() {
            return op;
        }
    }

    /**
     * The link was lost before the answer came. If {@link #sent()}, nobody here knows whether the request was done: read before trying again. If
     * not, it waited for a link longer than the session timeout and was never sent.
     */
    public static final class ConnectionLoss extends ClientException {
        private static final long serialVersionUID = 1L;
        private final boolean sent;

        ConnectionLoss(boolean sent, String what) {
            super(sent ? "connection lost before the answer to " + what : "no connection in time for " + what);
            this.sent = sent;
        }

        /** Whether the request may have been done. */
        public boolean sent() {
            return sent;
        }
    }

    /** The session is gone, and its ephemerals and watches with it. Build a new client. */
    public static final class SessionExpired extends ClientException {
        private static final long serialVersionUID = 1L;

        SessionExpired(long sessionId) {
            super("session 0x" + Long.toHexString(sessionId) + " has expired");
        }
    }

    /** The server refused the credentials of {@link Client#addAuth}. The client has ended; the session lives on until it times out. */
    public static final class AuthFailed extends ClientException {
        private static final long serialVersionUID = 1L;

        AuthFailed() {
            super("the server refused the credentials");
        }
    }

    /** The client was closed or detached. A request that was under way may have been done. */
    public static final class Closed extends ClientException {
        private static final long serialVersionUID = 1L;

        Closed() {
            super("the client is closed");
        }
    }

    /** A bound of {@link ClientBuilder} was met. A request over a bound was not sent; an answer over its bound was, and may have been done. */
    public static final class LimitExceeded extends ClientException {
        private static final long serialVersionUID = 1L;

        LimitExceeded(String message) {
            super(message);
        }
    }
}
