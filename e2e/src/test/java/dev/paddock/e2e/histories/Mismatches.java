package dev.paddock.e2e.histories;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a server of Apache's says that its tree is not what a digest tells. It says so once in a quarter of an hour; but with level DEBUG for
 * {@code DataTree} of each transaction whose digest it compares, and of the digest in a snapshot whenever that is wrong.
 *
 * <p>After a kill it may say so without being wrong, before it serves: it writes a snapshot while changes come in, so what it reads may be ahead of
 * the digest behind it, and even of its log, where it was killed before that was written. The digests differ until the transactions that are in the
 * snapshot already have been read from the log, or have come from a leader. One thread does both. From the first that is right on, all have to be:
 * a tree that is as it should be at one transaction differs at the next only by what that one told.
 *
 * @param beforeItServed lines of the thread that reads the folder, and takes from a leader what is missing, before the first match since it began
 * @param others         all other lines
 * @param txns           how many of all these lines are of a transaction's digest; another may be of the same one, or of a snapshot's
 * @param matches        how many transactions had the right digest
 */
record Mismatches(List<String> beforeItServed, List<String> others, int txns, int matches) {
    private static final Pattern BEFORE_IT_SERVED = Pattern.compile(" DataTree \\[(?:main\\]|QuorumPeer\\[)");
    private static final Pattern MATCH = Pattern.compile(" DataTree \\[.*\\] Digests are matching for Zxid: ");
    private static final Pattern BEGINS =
            Pattern.compile(" (?:FileSnap|Learner) \\[.*\\] (?:Reading|Getting a) snapshot ");
    private static final Pattern OF_A_TXN = Pattern.compile(" DataTree \\[.*\\] Digest in log: ");
    private static final Pattern OF_ANY = Pattern.compile(" DataTree \\[.*\\] Message:Digests are not matching");

    /** @param log of one or more runs */
    static Mismatches in(String log) {
        List<String> beforeItServed = new ArrayList<>();
        List<String> others = new ArrayList<>();
        int txns = 0;
        int matches = 0;
        boolean isRight = false; // since it began with a snapshot, of its own or of a leader
        for (String line : log.lines().toList()) {
            if (BEGINS.matcher(line).find()) isRight = false;
            if (MATCH.matcher(line).find()) {
                matches++;
                isRight = true;
            }
            boolean isOfTxn = OF_A_TXN.matcher(line).find();
            if (isOfTxn) txns++;
            if (!isOfTxn && !OF_ANY.matcher(line).find()) continue;
            boolean mayBe = !isRight && BEFORE_IT_SERVED.matcher(line).find();
            (mayBe ? beforeItServed : others).add(line);
        }
        return new Mismatches(beforeItServed, others, txns, matches);
    }

    /** Whether a server that said this may have counted so many. */
    boolean accountFor(int counted) {
        return txns <= counted && counted <= beforeItServed.size() + others.size();
    }
}
