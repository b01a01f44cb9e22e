package dev.paddock.e2e.differential;

import java.util.List;

/** What is done next in a stream. A stream has a few slots, each with room for one connection. */
sealed interface Step {
    /** The slot that it is about. */
    int slot();

    /**
     * Opens a connection in a slot, in place of one that is there.
     *
     * @param member  of the ensemble; 0 leads
     * @param session which session of the stream to come back to, counted from 0; {@link #NEW} for a new one, {@link #UNKNOWN} for
     *                one that never was
     * @param evenIfConnected whether it may say a wrong password to a session that is connected
     */
    record Connect(int slot, int member, int session, Hello hello, boolean evenIfConnected) implements Step {
        static final int NEW = -1;
        static final int UNKNOWN = -2;

        Connect(int slot, int member, int session, Hello hello) {
            this(slot, member, session, hello, false);
        }
    }

    /**
     * What the client says first.
     *
     * @param lastZxidSeen counts from the start of the stream
     * @param readOnly     0 or 1 as the flag; -1 if the field is not there
     */
    record Hello(int protocolVersion, long lastZxidSeen, int timeoutMillis, Password password, int readOnly) {
        Hello withPassword(Password another) {
            return new Hello(protocolVersion, lastZxidSeen, timeoutMillis, another, readOnly);
        }
    }

    /** Which password it says. */
    enum Password {
        RIGHT,
        WRONG,
        NULL,
        SHORT
    }

    /** Sends requests all at once. */
    record Burst(int slot, List<Ask> asks) implements Step {
        public Burst {
            asks = List.copyOf(asks);
        }
    }

    /**
     * Logs in by SASL, with DIGEST-MD5.
     *
     * @param isSpoilt whether a bit of the proof is wrong
     */
    record Login(int slot, int xid, String user, String secret, boolean isSpoilt) implements Step {}

    /** Closes the connection without a word; the session lives on. */
    record Drop(int slot) implements Step {}

    /** The same below another folder, whose name is as long. */
    default Step moved(String from, String to) {
        return switch (this) {
            case Connect connect -> connect;
            case Login login -> login;
            case Drop drop -> drop;
            case Burst(int slot, List<Ask> asks) ->
                new Burst(slot, asks.stream().map(ask -> ask.moved(from, to)).toList());
        };
    }
}
