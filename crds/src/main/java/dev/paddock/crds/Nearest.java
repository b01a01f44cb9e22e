package dev.paddock.crds;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The valid name that somebody probably meant. */
final class Nearest {
    private Nearest() {}

    /** {@code "; did you mean replicas?"}, or nothing if no name is near. */
    static String hint(String given, Collection<String> valid) {
        return nearest(given, valid)
                .map(name -> "; did you mean " + name + "?")
                .orElseGet(() -> valid.isEmpty() ? "" : "; known here: " + String.join(", ", valid));
    }

    private static Optional<String> nearest(String given, Collection<String> valid) {
        String low = given.toLowerCase(Locale.ROOT);
        return valid.stream()
                .filter(name -> distance(low, name.toLowerCase(Locale.ROOT)) <= Math.max(1, name.length() / 3))
                .min(Comparator.comparingInt(name -> distance(low, name.toLowerCase(Locale.ROOT))));
    }

    /** Levenshtein's: insertions, deletions and replacements; only the last row is kept. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
