package dev.paddock.client;

import dev.paddock.wire.Stat;
import java.util.Arrays;

/**
 * A znode's data and stat. Equal by value.
 *
 * @param data a copy of its own; empty where the server has null, which this client does not tell apart
 */
public record NodeData(byte[] data, Stat stat) {
    @Override
    public boolean equals(Object other) {
        return other instanceof NodeData that && Arrays.equals(data, that.data) && stat.equals(that.stat);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(data) + stat.hashCode();
    }

    @Override
    public String toString() {
        return "NodeData[" + data.length + " bytes, " + stat + "]";
    }
}
