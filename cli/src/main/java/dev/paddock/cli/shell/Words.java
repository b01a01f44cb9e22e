package dev.paddock.cli.shell;

import java.util.ArrayList;
import java.util.List;

/** Splits a typed line into words: at blanks, except between quotes ({@code '} or {@code "}); a backslash takes the next character as it is. */
final class Words {
    private Words() {}

    /** @throws IllegalArgumentException if a quote is left open */
    static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
                inWord = true;
            } else if (quote != 0) {
                if (c == quote) quote = 0;
                else word.append(c);
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true; // '' is an empty word
            } else if (Character.isWhitespace(c)) {
                if (inWord) words.add(word.toString());
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) throw new IllegalArgumentException("a " + quote + " is left open");
        if (inWord) words.add(word.toString());
        return words;
    }
}
