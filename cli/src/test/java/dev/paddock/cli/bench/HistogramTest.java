package dev.paddock.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Property(tries = 300)
    void aQuantileIsThatOfTheSortedDurationsRoundedUpALittle(
            @ForAll @Size(min = 1, max = 200) List<@LongRange(min = 0, max = Long.MAX_VALUE / 2) Long> nanos) {
        var histogram = new Histogram();
        nanos.forEach(histogram::record);
        List<Long> sorted = nanos.stream().sorted().toList();
        for (double share : new double[] {0.5, 0.99, 1}) {
            long exact = sorted.get((int) Math.ceil(share * sorted.size()) - 1);
            assertThat(histogram.quantile(share)).isBetween(exact, exact + exact / 64);
        }
    }

    @Test
    void nothingTookNoTime() {
        var histogram = new Histogram();
        assertThat(histogram.quantile(0.5)).isZero();
        LongStream.range(0, 100).forEach(histogram::record);
        histogram.clear();
        assertThat(histogram.quantile(0.99)).isZero();
    }
}
