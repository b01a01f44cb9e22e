package dev.paddock.e2e.histories;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a server of Apache's says that its tree is not what a digest tells. It says so once in a quarter of an hour; but with level DEBUG for
 * {@code DataTree} of each transaction whose digest it compares, and of the digest in a snapshot whenever that is wrong.
 *
 * <p>Of what it read in its own folder it may say so without being wrong: it writes a snapshot while changes come in, so what it reads may be
 * ahead of the digest behind it, and even of its log, where it was killed before that was written. The digests differ until the transactions that
 * are in the snapshot already have been read from the log, or have come from a leader; from the first on that is right again, all must be. Folders are
 * read at the start, and again after TRUNC.
 *
 * @param ofOwnFolder lines said while it read its own folder, and from then on until a digest was right
 * @param others      lines said at any other time
 * @param txns        how many of all these lines are of a transaction's digest; another may be of the same one, or of a snapshot's
 * @param matches     how many transactions had the right digest
 */
record Mismatches(List<String> ofOwnFolder, List<String> others, int txns, int matches) {
    private static final Pattern LOADING = Pattern.compile(" FileSnap \\[.*\\] Reading snapshot ");
    private static final Pattern LOADED = Pattern.compile(" ZKDatabase \\[.*\\] Snapshot loaded in ");
    private static final Pattern MATCH = Pattern.compile(" DataTree \\[.*\\] Digests are matching for Zxid: ");
    private static final Pattern OF_A_TXN = Pattern.compile(" DataTree \\[.*\\] Digest in log: ");
    private static final Pattern OF_ANY = Pattern.compile(" DataTree \\[.*\\] Message:Digests are not matching");

    /** @param log of one or more runs */
    static Mismatches in(String log) {
        List<String> ofOwnFolder = new ArrayList<>();
        List<String> others = new ArrayList<>();
        int txns = 0;
        int matches = 0;
        boolean isLoading = false;
        boolean mayBeAhead = false;
        for (String line : log.lines().toList()) {
            if (LOADING.matcher(line).find()) isLoading = mayBeAhead = true;
            if (LOADED.matcher(line).find()) isLoading = false;
            if (MATCH.matcher(line).find()) {
                matches++;
                mayBeAhead = isLoading;
            }
            boolean isOfTxn = OF_A_TXN.matcher(line).find();
            if (isOfTxn) txns++;
            if (isOfTxn || OF_ANY.matcher(line).find()) (mayBeAhead ? ofOwnFolder : others).add(line);
        }
        return new Mismatches(ofOwnFolder, others, txns, matches);
    }

    /** Whether a server that said this may have counted so many. */
    boolean accountFor(int counted) {
        return txns <= counted && counted <= ofOwnFolder.size() + others.size();
    }
}
