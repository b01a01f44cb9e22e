package dev.paddock.node.net;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paddock.node.fuzz.Golden;
import dev.paddock.node.fuzz.Hostile;
import dev.paddock.node.log.SnapshotDecoder;
import dev.paddock.node.log.SnapshotEncoder;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes at a quorum port: the same packets, and the same refusal, however the bytes are cut. */
class QuorumPortFuzzTest {
    private static final int DATA_BYTES_MAX = 1 << 20;
    private static final int PER_BYTE = 128;

    /** What came out before the bytes ended or were refused. */
    private record Heard(List<Object> messages, boolean isRefused) {}

    static Stream<Arguments> seeds() {
        return Stream.concat(
                Golden.vectors("quorum")
                        .filter(vector -> vector.form().equals("packet"))
                        .map(vector -> vector.with(7)),
                Stream.of(Golden.seed("snapshot", snapshot())));
    }

    private static byte[] snapshot() {
        Database database = Trees.of(3, 5);
        var w = new Writer(1024);
        w.writeByte((byte) 20);
        new QuorumPacket(QuorumPacket.SNAP, database.lastZxid()).write(w);
        new SnapshotEncoder(database, 1000).forEachRemaining(piece -> w.raw(piece, 0, piece.length));
        w.writeString(QuorumPacketDecoder.SIGNATURE);
        new QuorumPacket(QuorumPacket.UPTODATE, 1).write(w);
        return w.toByteArray();
    }

    /** The first byte is the length of the pieces. */
    @MethodSource("seeds")
    @FuzzTest
    void hears(byte[] input) {
        if (input.length == 0) return;
        Heard whole = heard(input, input.length);
        Heard pieces = heard(input, 1 + (input[0] & 0xff));
        if (whole.isRefused != pieces.isRefused || whole.messages.size() != pieces.messages.size()) {
            throw new AssertionError("whole: " + whole + ", in pieces: " + pieces);
        }
        for (int i = 0; i < whole.messages.size(); i++) requireSame(whole.messages.get(i), pieces.messages.get(i));
    }

    private static void requireSame(Object whole, Object pieces) {
        boolean isSame = (whole instanceof Database a && pieces instanceof Database b)
                ? a.difference(b) == null
                : whole.equals(pieces);
        if (!isSame) throw new AssertionError("whole: " + whole + ", in pieces: " + pieces);
    }

    private static Heard heard(byte[] input, int pieceBytes) {
        return Hostile.decoded(input.length, PER_BYTE, () -> hear(input, pieceBytes), WireException.class)
                .orElseThrow();
    }

    private static Heard hear(byte[] input, int pieceBytes) {
        var channel = new EmbeddedChannel(
                new QuorumPacketDecoder(DATA_BYTES_MAX, () -> new SnapshotDecoder(Database.loader(), DATA_BYTES_MAX)));
        var messages = new ArrayList<Object>();
        boolean isRefused = false;
        for (int at = 1; at < input.length && !isRefused; at += pieceBytes) {
            var piece = Unpooled.wrappedBuffer(input, at, Math.min(pieceBytes, input.length - at));
            isRefused = isRefused(() -> channel.writeInbound(piece));
            take(channel, messages);
        }
        if (isRefused(channel::finish)) throw new AssertionError("refused when the link closes");
        take(channel, messages);
        channel.finishAndReleaseAll();
        return new Heard(messages, isRefused);
    }

    private static void take(EmbeddedChannel channel, List<Object> messages) {
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) messages.add(next);
    }

    private static boolean isRefused(Runnable step) {
        try {
            step.run();
            return false;
        } catch (DecoderException e) {
            if (e.getCause() instanceof WireException) return true;
            throw e;
        }
    }
}
