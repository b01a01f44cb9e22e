package dev.paddock.node.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** A summary beside the sorted list of what it was given. */
class SummaryProperties {
    @Property
    void itKnowsWhatItWasGiven(
            @ForAll @Size(max = 60) List<@LongRange(max = 1L << 50) Long> first,
            @ForAll @Size(min = 1, max = 60) List<@LongRange(max = 2000) Long> second) {
        Reading reading = of(first).plus(of(second));
        List<Long> all = Stream.concat(first.stream(), second.stream()).sorted().toList();
        assertThat(reading.count()).isEqualTo(all.size());
        assertThat(reading.sum()).isEqualTo(all.stream().mapToLong(v -> v).sum());
        assertThat(reading.min()).isEqualTo(all.getFirst());
        assertThat(reading.max()).isEqualTo(all.getLast());
        for (double share : new double[] {0.5, 0.95, 0.99, 0.999}) {
            long exact = all.get((int) Math.ceil(share * all.size()) - 1);
            long floor = exact >= 1L << 41 ? Summary.floor(Summary.BUCKETS - 1) : exact - exact / 16;
            assertThat(reading.percentile(share)).isBetween(Math.min(floor, exact), exact);
        }
    }

    private static Reading of(List<Long> values) {
        Summary summary = Summary.sorted();
        values.forEach(summary::add);
        return summary.read();
    }

    @Property
    void everyValueIsInTheBucketWithTheNextLowerFloor(@ForAll @LongRange(max = 1L << 40) long value) {
        int bucket = Summary.bucket(value);
        assertThat(Summary.floor(bucket)).isLessThanOrEqualTo(value);
        if (bucket + 1 < Summary.BUCKETS) assertThat(Summary.floor(bucket + 1)).isGreaterThan(value);
    }
}
