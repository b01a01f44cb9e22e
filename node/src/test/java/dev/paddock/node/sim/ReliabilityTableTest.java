package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/reliability.md} keeps to its word: every test and every mutant that it names exists, and no case is passed over. */
class ReliabilityTableTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|Properties))(?:\\.(\\w+))?`");
    private static final Pattern MUTANT = Pattern.compile("`([A-Z]+(?:_[A-Z]+)+)`");
    private static final Pattern OF_STAND_IN = Pattern.compile("(; stand-in|^stand-in alone): ");
    private static final Pattern FOUND_BESIDE_THE_CODE = Pattern.compile("`(?!Patched)\\w+\\.\\w+IsFound");
    private static final int CELLS = 5;
    private static final int CASES = 28;

    private final String page = Files.readString(ROOT.resolve("docs/reliability.md"));

    ReliabilityTableTest() throws IOException {}

    private List<List<String>> cases() {
        return page.lines()
                .filter(line -> line.startsWith("| M"))
                .map(line -> Arrays.stream(line.substring(2, line.length() - 1).split(" \\| ?", -1))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    @Test
    void everyCaseHasAMutantThatIsFoundAndSaysWhatItChanges() {
        assertThat(cases()).hasSize(CASES).allSatisfy(cells -> {
            assertThat(cells).hasSize(CELLS);
            String found = cells.get(3);
            assertThat(found).containsPattern(TEST).contains("sFound");
            assertThat(cells.get(2)).containsPattern("^(code|stand-in alone): ");
            assertThat(cells.get(2).startsWith("code: "))
                    .as("says that it changes the code: %s", cells)
                    .isEqualTo(found.contains("`Patched"));
            assertThat(OF_STAND_IN.matcher(cells.get(2)).find())
                    .as("says that it changes a stand-in: %s", cells)
                    .isEqualTo(FOUND_BESIDE_THE_CODE.matcher(found).find());
            boolean hasTest = TEST.matcher(cells.get(4)).find();
            assertThat(hasTest || cells.get(4).startsWith("open"))
                    .as(cells.toString())
                    .isTrue();
        });
    }

    @Test
    void everyMutantOfRandomSeedsIsNamedAndTheOtherWayRound() {
        assertThat(MUTANT.matcher(page).results().map(found -> found.group(1)).distinct())
                .containsExactlyInAnyOrder(Arrays.stream(MutantsTest.Mutant.values())
                        .map(Enum::name)
                        .toArray(String[]::new));
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Map<String, String> sources = sources();
        assertThat(TEST.matcher(page).results()).hasSizeGreaterThan(CASES).allSatisfy(named -> {
            assertThat(sources).containsKey(named.group(1));
            if (named.group(2) != null)
                assertThat(sources.get(named.group(1))).contains("void " + named.group(2) + "(");
        });
    }

    /** Test class to its source. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path tests = module.resolve("src/test/java");
                if (!Files.isDirectory(tests)) continue;
                try (Stream<Path> files = Files.walk(tests)) {
                    for (Path file :
                            files.filter(f -> f.toString().endsWith(".java")).toList()) {
                        String name = file.getFileName().toString();
                        sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
                    }
                }
            }
        }
        return sources;
    }
}
