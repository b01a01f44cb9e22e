package dev.paddock.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The chart's README has a table of its values, made from {@code values.yaml} and its comments. After a change, write it anew
 * with {@code -Dtest=ChartReadmeTest -Dpaddock.golden.write=true}.
 */
final class ChartReadmeTest {
    private static final String BEGIN = "<!-- values: generated from values.yaml -->\n";
    private static final String END = "<!-- end of values -->\n";

    @Test
    void theTableIsWhatTheValuesSay() throws IOException {
        Path readme = Helm.CHART.resolve("README.md");
        String text = Files.readString(readme);
        String before = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
        String after = text.substring(text.indexOf(END));
        String now = before + table(Files.readAllLines(Helm.CHART.resolve("values.yaml"))) + after;
        if (Boolean.getBoolean("paddock.golden.write")) Files.writeString(readme, now);
        assertThat(readme).hasContent(now);
    }

    private static String table(List<String> lines) {
        StringBuilder table = new StringBuilder("| value | default | what it is |\n|---|---|---|\n");
        Deque<String> parents = new ArrayDeque<>(); // one for each two spaces
        List<String> comment = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String word = line.strip();
            if (word.isEmpty()) comment.clear();
            else if (word.startsWith("#")) comment.add(word.substring(1).strip());
            else {
                int depth = (line.length() - line.stripLeading().length()) / 2;
                while (parents.size() > depth) parents.removeLast();
                int colon = word.indexOf(':');
                parents.addLast(word.substring(0, colon));
                String value = word.substring(colon + 1).strip();
                String said = String.join(" ", comment);
                comment.clear();
                if (value.isEmpty() && said.isEmpty()) continue;
                table.append("| `").append(String.join(".", parents)).append("` | ");
                table.append(value.isEmpty() ? "" : "`" + value + "`")
                        .append(" | ")
                        .append(said)
                        .append(" |\n");
            }
        }
        return table.toString();
    }
}
