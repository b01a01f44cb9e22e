package dev.paddock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NameOrderTest {

    /** A listing that began at an older server goes on at a newer one: so these may never change. */
    @Test
    void theOrderIsWhatItAlwaysWas() {
        assertThat(hash("")).isEqualTo(0);
        assertThat(hash("a")).isEqualTo(-1_373_771_294);
        assertThat(hash("lock-0000000000")).isEqualTo(-2_147_327_875);
        var names = new ArrayList<>(
                List.of("a", "b", "c", "lock-0000000000", "lock-0000000001", "象", "zookeeper", "käfig"));
        names.sort((x, y) -> NameOrder.compare(bytes(x), bytes(y)));
        assertThat(names)
                .containsExactly("zookeeper", "a", "lock-0000000001", "象", "käfig", "b", "c", "lock-0000000000");
    }

    private static int hash(String name) {
        byte[] bytes = bytes(name);
        return NameOrder.hash(bytes, 0, bytes.length);
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
