package dev.paddock.e2e.differential;

/** Where Paddock is not as Apache ZooKeeper, on purpose. */
final class Allowed {
    private Allowed() {}

    static boolean allows(Frame apache, Frame paddock) {
        return false;
    }
}
