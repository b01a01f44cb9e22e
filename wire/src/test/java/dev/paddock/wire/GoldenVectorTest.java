package dev.paddock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.management.ThreadMXBean;
import dev.paddock.wire.golden.Vector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector recorded from Apache ZooKeeper: decoded, encoded again, cut at every byte, its lengths blown up at every byte. */
final class GoldenVectorTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final int[] BAD_LENGTHS = {Integer.MAX_VALUE, Integer.MIN_VALUE, -2, 0x7ffffff0, 0x00100000, -1, 0};

    /** More than any honest decoding of such small vectors takes, far less than any length claimed above. */
    private static final long ALLOCATION_MAX = 256 * 1024;

    static List<Vector> vectors() throws IOException {
        var all = new ArrayList<Vector>();
        try (var files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                all.addAll(Vector.readFile(file));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void encodingUndoesDecoding(Vector vector) {
        byte[] bytes = vector.bytes();
        GoldenCodec codec = GoldenCodec.of(vector.kind());
        Object decoded = codec.decode(bytes);
        assertThat(codec.encode(decoded)).isEqualTo(bytes);
        assertThat(codec.decode(bytes)).isEqualTo(decoded).hasSameHashCodeAs(decoded);
        assertThat(decoded.toString()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void whatIsCutIsRefused(Vector vector) {
        byte[] bytes = vector.bytes();
        GoldenCodec codec = GoldenCodec.of(vector.kind());
        Set<Integer> accepted = new TreeSet<>();
        for (int length = 0; length < bytes.length; length++) {
            if (decodes(codec, Arrays.copyOf(bytes, length))) {
                accepted.add(length);
            }
        }
        assertThat(accepted).isEqualTo(codec.legalCuts(bytes));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void aLengthThatOnlyClaimsCostsNothing(Vector vector) {
        byte[] bytes = vector.bytes();
        GoldenCodec codec = GoldenCodec.of(vector.kind());
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int at = 0; at + 4 <= bytes.length; at++) {
            for (int bad : BAD_LENGTHS) {
                byte[] broken = bytes.clone();
                for (int i = 0; i < 4; i++) {
                    broken[at + i] = (byte) (bad >> (24 - 8 * i));
                }
                decodes(codec, broken); // the first time may load classes
                long before = threads.getCurrentThreadAllocatedBytes();
                decodes(codec, broken);
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertThat(allocated).as("0x%x at byte %d", bad, at).isLessThan(ALLOCATION_MAX);
            }
        }
    }

    @Test
    void nothingIsMissing() throws IOException {
        Set<String> kinds = new TreeSet<>();
        vectors().forEach(v -> kinds.add(v.kind().replaceFirst(" from .*", "")));
        for (int type = QuorumPacket.REQUEST; type <= QuorumPacket.INFORMANDACTIVATE; type++) {
            assertThat(kinds).contains("packet " + QuorumPacket.typeName(type));
        }
        assertThat(kinds)
                .contains("hello", "notification 0", "notification 1", "notification 2", "learnerInfo", "leaderInfo")
                .contains("touches", "revalidate", "revalidated", "forwarded", "activation 9", "activation 19");
        for (int type : GoldenCodec.REQUEST_TYPES) {
            assertThat(kinds).contains("request " + OpCode.name(type)).contains("reply " + OpCode.name(type));
        }
        for (int type : GoldenCodec.TXN_TYPES) {
            assertThat(kinds).contains("txn " + OpCode.name(type));
        }
    }

    private static boolean decodes(GoldenCodec codec, byte[] bytes) {
        try {
            codec.decode(bytes);
            return true;
        } catch (WireException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
            return false;
        } catch (RuntimeException e) {
            assertThatCode(() -> {
                        throw e;
                    })
                    .as("malformed bytes must be a WireException")
                    .doesNotThrowAnyException();
            return false;
        }
    }
}
