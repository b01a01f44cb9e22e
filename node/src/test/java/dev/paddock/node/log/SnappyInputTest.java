package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.SnappyOutputStream;

/** What snappy-java compresses, which Apache ZooKeeper does it with, comes out as it went in. */
class SnappyInputTest {
    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 59, 60, 61, 255, 256, 257, 32_767, 32_768, 32_769, 70_000, 1_000_000})
    void undoesWhatTheLibraryDoes(int bytes) throws IOException {
        for (byte[] plain : new byte[][] {noise(bytes), text(bytes), new byte[bytes]}) {
            assertThat(decompressed(compressed(plain, 32 << 10))).isEqualTo(plain);
            assertThat(decompressed(compressed(plain, 1 << 20)))
                    .as("copies from far")
                    .isEqualTo(plain);
        }
    }

    @Test
    void cutAnywhereItSaysSo() throws IOException {
        byte[] whole = compressed(text(40_000), 32 << 10);
        int ends = 0;
        for (int length = 0; length < whole.length; length++) {
            try {
                assertThat(decompressed(Arrays.copyOf(whole, length)).length).isIn(0, 32 << 10);
                ends++;
            } catch (EOFException e) {
                assertThat(e).hasMessage(null);
            }
        }
        assertThat(ends).as("behind the header, and between the two blocks").isEqualTo(2);
    }

    /** Whatever comes, it gives bytes or one of two exceptions. */
    @Test
    void anythingElseIsRefused() throws IOException {
        assertThatThrownBy(() -> decompressed("ZKSN and some more".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(ZipException.class);
        byte[] whole = compressed(text(5_000), 32 << 10);
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            if (random.nextBoolean()) random.nextBytes(changed);
            System.arraycopy(whole, 0, changed, 0, random.nextInt(21));
            try {
                assertThat(decompressed(changed)).isNotNull();
            } catch (ZipException | EOFException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        return noise;
    }

    private static byte[] text(int bytes) {
        var random = new Random(bytes);
        var text = new StringBuilder();
        while (text.length() < bytes)
            text.append("/znode-").append(random.nextInt(500)).append(' ');
        return Arrays.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII), bytes);
    }

    static byte[] compressed(byte[] plain, int blockBytes) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var snappy = new SnappyOutputStream(bytes, blockBytes)) {
            snappy.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] decompressed(byte[] compressed) throws IOException {
        try (var in = new SnappyInput(new ByteArrayInputStream(compressed))) {
            return in.readAllBytes();
        }
    }
}
