package dev.paddock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ExtensionsTest {

    @Test
    void whatBothKnowIsAgreedOn() {
        int answer = Extensions.agreed(Extensions.offer());
        assertThat(Extensions.has(answer, Extensions.PAGED_CHILDREN)).isTrue();
        assertThat(Extensions.agreed(0x5044_0001)).isEqualTo(0x5044_0001); // the bytes on the wire
    }

    @Test
    void aClientOfTheFutureIsToldWhatWeKnow() {
        assertThat(Extensions.agreed(0x5044_ffff)).isEqualTo(Extensions.offer());
        assertThat(Extensions.agreed(0x5044_8000)).isEqualTo(0x5044_0000);
    }

    @Test
    void whoOffersNothingIsAnsweredAsByApache() {
        for (int version : new int[] {0, 1, 10, 11, -1, 0x5045_0001, 0x4044_0001}) {
            assertThat(Extensions.agreed(version)).isZero();
        }
        assertThat(Extensions.has(0, Extensions.PAGED_CHILDREN)).isFalse();
        assertThat(Extensions.has(1, Extensions.PAGED_CHILDREN)).isFalse();
        assertThat(Extensions.has(-1, Extensions.PAGED_CHILDREN)).isFalse();
    }
}
