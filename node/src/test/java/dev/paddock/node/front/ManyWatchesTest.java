package dev.paddock.node.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Request;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A client that keeps a hundred thousand watches comes to a server that knows nothing of it (ZOOKEEPER-706). */
class ManyWatchesTest {
    private static final int WATCHES = 100_000;
    private static final int PATHS_A_FRAME = 3_000; // Apache's client sends up to 128 KiB of them at once
    private static final int CHANGED = 997;

    private final Rig rig = new Rig();

    @Test
    void comesBackWithAHundredThousandWatches() {
        List<String> missing = paths("/services-of-some-kind-that-is-not-there-");
        List<String> present = paths("/services-of-some-kind-").subList(0, CHANGED);
        present.forEach(rig::createdElsewhere);
        long seen = rig.head.lastZxid();
        rig.setElsewhere(present.getFirst(), "changed meanwhile");
        FakeClient client = rig.client();
        client.request(-8, new Request.SetWatches(seen, present, List.of(), List.of()));
        for (int from = 0; from < WATCHES; from += PATHS_A_FRAME) {
            List<String> some = missing.subList(from, Math.min(WATCHES, from + PATHS_A_FRAME));
            client.request(-8, new Request.SetWatches(seen, List.of(), some, List.of()));
        }
        assertThat(client.closed).isNull();
        assertThat(rig.frontend.stats().watches()).isEqualTo(WATCHES + CHANGED - 1);
        assertThat(client.order())
                .hasSize(2 + (WATCHES + PATHS_A_FRAME - 1) / PATHS_A_FRAME)
                .contains("event 3 " + present.getFirst());
        for (int i = 0; i < WATCHES; i += CHANGED) {
            rig.createdElsewhere(missing.get(i));
            rig.setElsewhere(missing.get(i), "once more");
            assertThat(client.order()).containsExactly("event 1 " + missing.get(i));
        }
        rig.frontend.closed(client.connection);
        assertThat(rig.frontend.stats().watches()).isZero();
    }

    private static List<String> paths(String prefix) {
        return IntStream.range(0, WATCHES).mapToObj(i -> prefix + i).toList();
    }
}
