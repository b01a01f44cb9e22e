package dev.paddock.crds;

/** The API group that Paddock's kinds live in. */
public final class Api {
    public static final String GROUP = "paddock.dev";
    public static final String VERSION = "v1";
    /** As {@code apiVersion} of a manifest. */
    public static final String API_VERSION = GROUP + "/" + VERSION;
    /** {@code kubectl get coordination} lists every kind of the group. */
    public static final String CATEGORY = "coordination";

    private Api() {}
}
