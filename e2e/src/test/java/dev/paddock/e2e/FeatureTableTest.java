package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The feature table of {@code docs/compatibility.md} keeps to its word: every yes has a test, and every test exists. */
class FeatureTableTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|Properties))`");
    private static final int CELLS = 5;

    private record Row(String feature, String ours, List<String> tests) {}

    private static List<Row> table() throws IOException {
        String page = Files.readString(PaddockUp.ROOT.resolve("docs/compatibility.md"));
        String section = page.substring(page.indexOf("## Feature table"), page.indexOf("## Differences from"));
        List<Row> rows = new ArrayList<>();
        for (String line : section.lines().toList()) {
            if (!line.startsWith("| ") || line.startsWith("| feature |")) continue;
            List<String> cells = Stream.of(line.substring(2, line.length() - 1).split(" \\| ?", -1))
                    .map(String::strip)
                    .toList();
            assertThat(cells).as(line).hasSize(CELLS);
            List<String> tests = TEST.matcher(cells.get(4))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            rows.add(new Row(cells.get(0), cells.get(3), tests));
        }
        return rows;
    }

    @Test
    void everyYesNamesATestAndEveryNoAReason() throws IOException {
        List<Row> table = table();
        assertThat(table).hasSizeGreaterThan(60);
        for (Row row : table) {
            assertThat(row.ours()).as(row.feature()).matches("(?:yes|in part|no: ).*");
            if (!row.ours().startsWith("no"))
                assertThat(row.tests()).as(row.feature()).isNotEmpty();
        }
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Set<String> named = new TreeSet<>();
        table().forEach(row -> named.addAll(row.tests()));
        assertThat(classes()).containsAll(named);
    }

    private static Set<String> classes() throws IOException {
        try (Stream<Path> modules = Files.list(PaddockUp.ROOT)) {
            Set<String> names = new TreeSet<>();
            for (Path module : modules.toList()) {
                Path tests = module.resolve("src/test/java");
                if (!Files.isDirectory(tests)) continue;
                try (Stream<Path> files = Files.walk(tests)) {
                    names.addAll(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".java"))
                            .map(name -> name.substring(0, name.length() - ".java".length()))
                            .collect(Collectors.toSet()));
                }
            }
            return names;
        }
    }
}
