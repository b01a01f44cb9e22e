package dev.paddock.node.tree;

import dev.paddock.wire.Stat;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a transaction came to: all that the reply to its request needs. */
public sealed interface Outcome {
    /** A create: its path, with the sequence number. */
    record Path(String path) implements Outcome {}

    /** A create2, createTTL or createContainer: its path and its stat. */
    record PathAndStat(String path, Stat stat) implements Outcome {}

    /** A setData or setACL: the stat after it. */
    record StatOnly(Stat stat) implements Outcome {}

    /** A reconfiguration: the configuration it made, as a text, and the stat of the znode that holds it. */
    record Reconfigured(byte @Nullable [] config, Stat stat) implements Outcome {
        @Override
        public boolean equals(@Nullable Object o) {
            return o instanceof Reconfigured(var otherConfig, var otherStat)
                    && Arrays.equals(config, otherConfig)
                    && stat.equals(otherStat);
        }

        @Override
        public int hashCode() {
            return Objects.hash(Arrays.hashCode(config), stat);
        }
    }

    /** A delete. */
    record Deleted() implements Outcome {}

    /** A check, which is only found in a multi. */
    record Checked() implements Outcome {}

    /**
     * A multi. Either no result is {@link Failed}, or all are and nothing changed: 0 before the culprit, its error,
     * -2 after it.
     */
    record Multi(List<Outcome> results) implements Outcome {}

    /**
     * Refused, or met a state that it could not apply to, which happens in replay only.
     *
     * @param error a code of {@code ErrorCode}
     */
    record Failed(int error) implements Outcome {}

    /** A session began. */
    record SessionCreated(int timeoutMillis) implements Outcome {}

    /** A session ended, and its ephemerals with it. */
    record SessionClosed() implements Outcome {}
}
