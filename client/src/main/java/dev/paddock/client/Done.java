package dev.paddock.client;

/** The value of a request that was done and gives nothing. */
public enum Done {
    DONE
}
