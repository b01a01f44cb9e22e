package dev.paddock.sidecar.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "10s,10000",
        "1m30s,90000",
        "250ms,250",
        "2h,7200000",
        "PT10S,10000",
        "PT1M30S,90000",
        "0s,0",
        "1d,86400000",
        "1s5ms,1005"
    })
    void reads(String text, long millis) {
        assertThat(Durations.parse(text)).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "s",
                "-1s",
                "PT-1S",
                "1s1m",
                "10 s",
                "1e3s",
                "10S",
                "P",
                "9999999d",
                "P1000D",
                "1.5s",
                "99999999999999999999s"
            })
    void refuses(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @Property
    void isoOfAnyDurationIsReadBack(@ForAll @LongRange(min = 0, max = 31_000_000_000L) long millis) {
        assertThat(Durations.parse(Duration.ofMillis(millis).toString())).contains(Duration.ofMillis(millis));
    }
}
