package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.e2e.Writers;
import java.time.Duration;

/** What clients of a cluster may see of what is done to it. */
final class Seen {
    private static final Duration ROLL_MAX = Duration.ofSeconds(2); // for each client
    /** Where a pod starts meanwhile, which takes all processors of a small machine. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(5);
    /** Likewise for one client, which sleeps for up to a second after each server that it tries in vain. */
    private static final Duration GAP_MAX = Duration.ofSeconds(15);

    private Seen() {}

    /** Of a roll. */
    static void rolledInTime(Writers writers, String what) {
        hold(writers, what, ROLL_MAX, ROLL_MAX);
    }

    /** Of what else may befall members. */
    static void answeredInTime(Writers writers, String what) {
        hold(writers, what, SILENCE_MAX, GAP_MAX);
    }

    /** Measures anew. */
    private static void hold(Writers writers, String what, Duration silenceMax, Duration gapMax) {
        String seen = what + ": " + writers.seen();
        System.out.println(seen);
        assertThat(writers.longestSilence()).as(seen).isLessThan(silenceMax);
        assertThat(writers.longestGap()).as(seen).isLessThan(gapMax);
        writers.measureAnew();
    }

    /** Ends the writing. */
    static void nothingIsMissing(ClusterInLab cluster, Writers writers) throws Exception {
        writers.stop();
        assertThat(Writers.missingAt(cluster.service(), writers.acknowledged())).isEmpty();
    }
}
