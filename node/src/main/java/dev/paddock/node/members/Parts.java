package dev.paddock.node.members;

import java.util.ArrayList;
import java.util.List;

/** What stands between separators, as {@link String#split(String)} gives it to Apache ZooKeeper. */
final class Parts {
    private Parts() {}

    /** Nothing after the last separators is no part; a text without separators is one, even if it is empty. */
    static List<String> of(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + 1;
        }
        parts.add(text.substring(from));
        while (from > 0 && !parts.isEmpty() && parts.getLast().isEmpty()) parts.removeLast();
        return parts;
    }

    /** Those that are not blank, without the blanks around them. */
    static List<String> notBlank(String text, char separator) {
        return of(text, separator).stream()
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
