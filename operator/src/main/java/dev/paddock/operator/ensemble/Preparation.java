package dev.paddock.operator.ensemble;

/**
 * What a pod and the {@code paddock prepare} in it have agreed on. It runs before each start of a pod's server, with the cluster's
 * UID in {@code PADDOCK_CLUSTER} and the member's id in {@code PADDOCK_MEMBER}.
 */
public final class Preparation {
    /** Name of its container. */
    public static final String CONTAINER = "prepare";
    /** Where the ConfigMap is mounted: {@code zoo.cfg}, {@code members}, {@code known}. */
    public static final String CONFIG = "/config";
    /** Where the Secret's {@code superDigest} is mounted. */
    public static final String SECRET = "/secret";
    /** Where the member's volume is mounted. */
    public static final String DATA = "/data";
    /** What the server is started with. */
    public static final String ZOO_CFG = DATA + "/conf/zoo.cfg";

    /** Exit code where a voter that has had data finds its volume empty: it must not vote. */
    public static final int EXIT_WIPED = 3;
    /** Exit code where the volume is another member's or another cluster's. */
    public static final int EXIT_STRANGER = 4;

    private Preparation() {}
}
