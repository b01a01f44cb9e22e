package dev.paddock.sidecar.ensemble;

/** The ensemble did not answer in time. Whether a write was done is not known, unless its caller says so. */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Unavailable(String message) {
        super(message, null, false, false); // no stack: an expected fault of the world
    }
}
