package dev.paddock.operator.migration;

/** Whose server a member runs. */
public enum Engine {
    ZOOKEEPER("Apache ZooKeeper"),
    PADDOCK("Paddock");

    private final String shown;

    Engine(String shown) {
        this.shown = shown;
    }

    /** For people. */
    public String shown() {
        return shown;
    }
}
