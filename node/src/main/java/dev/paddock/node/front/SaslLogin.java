package dev.paddock.node.front;

import org.jspecify.annotations.Nullable;

/** How clients prove who they are by SASL; an edge has the mechanism. Called on the client loops, so it may not block. */
public interface SaslLogin {
    /** A new exchange with one client. */
    Exchange begin();

    /** The exchange with one client. It is that client loop's alone. */
    interface Exchange {
        /** Takes the client's next token, empty where it only begins. */
        Step next(byte[] token);
    }

    /** What came of a token. */
    sealed interface Step {
        /** The client is to answer this. */
        record Challenge(byte[] token) implements Step {}

        /**
         * The client has proved to be a user.
         *
         * @param token what it needs to know that of us; null if nothing
         */
        record Proved(String user, byte @Nullable [] token) implements Step {}

        /** It has not, or what it sent is no token. */
        record Failed() implements Step {}
    }
}
