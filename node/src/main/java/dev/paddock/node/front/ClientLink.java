package dev.paddock.node.front;

/** The way to one client, as a client loop offers it. Called on the loop's own thread, never after {@link #close}. */
public interface ClientLink {

    /** Address and port of the client as they are shown, like {@code /127.0.0.1:40000}. */
    String address();

    /** Whether it comes by the port that wants TLS; false where a port takes clients with TLS and without. */
    boolean isSecure();

    /** Sends {@code buf[from, to)} and flushes; the bytes are taken before this returns. */
    void send(byte[] buf, int from, int to);

    /**
     * Bytes sent that the network has not taken yet. Once they were more than {@link FrontLimits#unsentBytesHigh} and
     * have fallen to a quarter of it, the caller of the {@link Frontend} says so by {@link Frontend#writable}.
     */
    long unsentBytes();

    /**
     * Stops or goes on reading. When reading goes on, frames that came before the stop are handed over soon, but not from
     * within this call.
     */
    void reading(boolean on);

    /** Something about this client that an operator would want to read in the log. */
    void note(String text);

    /** Closes the connection once all that was sent has left. */
    void close(CloseReason reason);
}
