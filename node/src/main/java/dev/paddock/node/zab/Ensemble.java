package dev.paddock.node.zab;

import java.util.Arrays;

/**
 * Who votes. Majority quorums.
 *
 * @param self sid of this server, one of the voters
 * @param voters sids, ascending, so that effects leave in one order
 * @param configText the configuration as peers exchange it: {@code server.N=…} lines, then {@code version=<hex>}
 * @param configVersion version of that configuration; 0 for a static one
 */
public record Ensemble(long self, long[] voters, String configText, long configVersion) {
    public Ensemble {
        voters = voters.clone();
        Arrays.sort(voters);
        if (Arrays.binarySearch(voters, self) < 0) {
            throw new IllegalArgumentException("server " + self + " is not among the voters");
        }
    }

    /** How many voters make a quorum: more than half. */
    public int quorumSize() {
        return voters.length / 2 + 1;
    }

    boolean isVoter(long sid) {
        return Arrays.binarySearch(voters, sid) >= 0;
    }
}
