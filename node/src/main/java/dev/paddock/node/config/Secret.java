package dev.paddock.node.config;

/** A password: whatever prints the configuration does not print it. */
public final class Secret {
    private final String value;

    Secret(String value) {
        this.value = value;
    }

    /** What it is; not for any log or message. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
