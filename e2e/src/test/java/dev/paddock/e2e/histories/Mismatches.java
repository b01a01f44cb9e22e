package dev.paddock.e2e.histories;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a server of Apache's says that its tree is not what a digest tells. It says so once in a quarter of an hour; but with level DEBUG for
 * {@code DataTree} of each transaction whose digest it compares, and of the digest in a snapshot whenever that is wrong.
 *
 * <p>While it reads its own folder it may say so without being wrong: it writes a snapshot while changes come in, and behind it the digest of
 * the last transaction that was over. Some changes of the next one may be in the snapshot already; the digests differ until that one has been
 * read from the log. Folders are read at the start, and again after TRUNC. What a leader sends is never applied then, be it by DIFF.
 *
 * @param ofOwnFolder lines said while it read its own folder
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
        for (String line : log.lines().toList()) {
            if (LOADING.matcher(line).find()) isLoading = true;
            if (LOADED.matcher(line).find()) isLoading = false;
            if (MATCH.matcher(line).find()) matches++;
            boolean isOfTxn = OF_A_TXN.matcher(line).find();
            if (isOfTxn) txns++;
            if (isOfTxn || OF_ANY.matcher(line).find()) (isLoading ? ofOwnFolder : others).add(line);
        }
        return new Mismatches(ofOwnFolder, others, txns, matches);
    }

    /** Whether a server that said this may have counted so many. */
    boolean accountFor(int counted) {
        return txns <= counted && counted <= ofOwnFolder.size() + others.size();
    }
}
