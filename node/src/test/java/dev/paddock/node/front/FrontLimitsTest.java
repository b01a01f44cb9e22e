package dev.paddock.node.front;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrontLimitsTest {
    @Test
    void aLongFrameFindsRoom() {
        for (int bytes : new int[] {1 << 10, 0xfffff, 100 << 20, 1 << 30}) {
            FrontLimits limits = FrontLimits.DEFAULT.withFrameBytesMax(bytes);
            assertThat(limits.frameBytesMax()).isEqualTo(bytes);
            assertThat(limits.queuedBytesMax()).isGreaterThanOrEqualTo(bytes);
            assertThat(limits.loopQueuedBytesMax()).isGreaterThanOrEqualTo(bytes);
            assertThat(limits.unsentBytesMax()).isGreaterThan(bytes);
        }
        assertThat(FrontLimits.DEFAULT.withFrameBytesMax(0xfffff)).isEqualTo(FrontLimits.DEFAULT);
    }
}
