package dev.paddock.node.zab;

/** A peer broke the protocol. The link it came by is closed and the server goes on. */
public final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProtocolException(String message) {
        super(message);
    }
}
