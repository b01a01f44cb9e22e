package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final int STEP = 256 << 10;
    private static final int STEPS_OF_A_TURN = 16;
    private static final long FORCE_NANOS = 2_000_000;

    private int turns;

    /** A disk that takes a while for each force. */
    private static final class SlowFile implements StoredFile {
        private int forces;

        @Override
        public void force() throws IOException {
            forces++;
            try {
                TimeUnit.NANOSECONDS.sleep(FORCE_NANOS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void write(ByteBuffer from, long at) {}

        @Override
        public void truncate(long size) {}

        @Override
        public int read(ByteBuffer into, long at) {
            return -1;
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public void close() {}
    }

    @Test
    void forcesEachStepAndRestsThreeTimesAsLong() throws IOException {
        SlowFile file = new SlowFile();
        Pace pace = Pace.slow(() -> turns++);
        long start = System.nanoTime();
        for (int i = 0; i < 4 * 10; i++) pace.wrote(STEP / 4, file);
        assertThat(file.forces).isEqualTo(10);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(10 * 4 * FORCE_NANOS);
    }

    @Test
    void asksForItsTurnAfterEachFewMebibytes() throws IOException {
        SlowFile file = new SlowFile();
        Pace pace = Pace.slow(() -> turns++);
        for (int i = 0; i < 3 * STEPS_OF_A_TURN - 1; i++) pace.read(STEP);
        assertThat(turns).isEqualTo(2);
        pace.wrote(STEP, file);
        assertThat(turns).isEqualTo(3);
    }

    @Test
    void endsWhereItsTurnIsGivenUpOrTheThreadIsToStop() throws IOException {
        Pace ended = Pace.slow(() -> {
            throw new IOException("given up");
        });
        for (int i = 0; i < STEPS_OF_A_TURN - 1; i++) ended.read(STEP);
        assertThatThrownBy(() -> ended.read(STEP)).hasMessage("given up");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Pace.slow(Turn.ALWAYS).read(STEP)).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatSomebodyWaitsForIsNotHeldUp() throws IOException {
        SlowFile file = new SlowFile();
        for (int i = 0; i < 100; i++) Pace.quick().wrote(STEP, file);
        assertThat(file.forces).isZero();
    }
}
