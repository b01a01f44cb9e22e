package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.e2e.Writers;
import java.time.Duration;

/** What clients of a cluster may see of what is done to it. */
final class Seen {
    /** Where a pod starts meanwhile, which takes all processors of a small machine. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(10);
    /** Likewise for one client, which sleeps for up to a second after each server that it tries in vain. */
    private static final Duration GAP_MAX = Duration.ofSeconds(20);

    private Seen() {}

    /** Holds what clients saw to a bound that holds on busy machines, too, and measures anew; how long one was without an answer. */
    static Duration answeredInTime(Writers writers, String what) {
        String seen = what + ": " + writers.seen();
        Duration gap = writers.longestGap();
        System.out.println(seen);
        assertThat(writers.longestSilence()).as(seen).isLessThan(SILENCE_MAX);
        assertThat(gap).as(seen).isLessThan(GAP_MAX);
        writers.measureAnew();
        return gap;
    }

    /** Ends the writing. */
    static void nothingIsMissing(ClusterInLab cluster, Writers writers) throws Exception {
        writers.stop();
        assertThat(Writers.missingAt(cluster.service(), writers.acknowledged())).isEmpty();
    }
}
