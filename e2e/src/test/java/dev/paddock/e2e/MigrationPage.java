package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code docs/migration.md} prints as the output of {@code paddock migrate}. */
final class MigrationPage {
    private static final Pattern FILE = Pattern.compile("\\S*zo*k?\\d\\.cfg");
    private static final Pattern NUMBER = Pattern.compile("0x[0-9a-f]+|\\d+");
    private static final Pattern MEMBERS = Pattern.compile("\\[N(, N)*]");
    private static final Pattern BLANKS = Pattern.compile(" +");

    private MigrationPage() {}

    /**
     * Each line of the page is among those that were printed, but for numbers and how many there are, names of files and the width of blanks. Whether there is
     * time to say what is waited for depends on the machine, so those lines may be missing.
     *
     * @param words of the command, between {@code migrate} and the names of files
     */
    static void shows(String words, String printed) throws IOException {
        Set<String> shown = masked(block(words));
        shown.removeIf(line -> line.startsWith(" waiting: "));
        assertThat(shown).hasSizeGreaterThan(5);
        assertThat(masked(printed)).as(printed).containsAll(shown);
    }

    private static String block(String words) throws IOException {
        String page = Files.readString(PaddockUp.ROOT.resolve("docs/migration.md"));
        var block = Pattern.compile(
                        "```\n\\$ \\./paddock migrate " + words
                                + "(?: --zookeeper '[^']*')?(?: zoo\\d\\.cfg)+\n(.*?)```",
                        Pattern.DOTALL)
                .matcher(page);
        assertThat(block.find()).as(words).isTrue();
        return block.group(1);
    }

    private static Set<String> masked(String text) {
        return text.lines()
                .map(line -> FILE.matcher(line).replaceAll("FILE"))
                .map(line -> NUMBER.matcher(line).replaceAll("N"))
                .map(line -> MEMBERS.matcher(line).replaceAll("[N]"))
                .map(line -> BLANKS.matcher(line).replaceAll(" "))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
