package dev.paddock.node.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NamespacesTest {
    private final Namespaces namespaces = new Namespaces();

    private void add(String path, long value) {
        byte[] bytes = ("#" + path + "#").getBytes(StandardCharsets.UTF_8);
        namespaces.add(bytes, 1, bytes.length - 1, value);
    }

    @Test
    void addsUpByTheFirstName() {
        for (String path : new String[] {"/a", "/a/b", "/a/", "/ä/c"}) add(path, 3);
        for (String path : new String[] {"/", "", "//a", "a/b"}) add(path, 100);
        Map<String, Reading> read = namespaces.read();
        assertThat(read.keySet()).containsExactly("a", "ä");
        assertThat(read.get("a").count()).isEqualTo(3);
        assertThat(read.get("a").sum()).isEqualTo(9);
        namespaces.reset();
        assertThat(namespaces.read().values()).hasSize(2).allMatch(reading -> reading.count() == 0);
    }

    @Test
    void knowsSoManyNamesAndNoMore() {
        var expected = new TreeMap<String, Long>();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 2 * Namespaces.NAMES_MAX; i++) {
                add("/n" + i + "/x", i);
                if (i < Namespaces.NAMES_MAX) expected.merge("n" + i, (long) i, Long::sum);
            }
        }
        var sums = new TreeMap<String, Long>();
        namespaces.read().forEach((name, reading) -> sums.put(name, reading.sum()));
        assertThat(sums).isEqualTo(expected);
    }
}
