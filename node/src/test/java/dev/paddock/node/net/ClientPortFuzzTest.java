package dev.paddock.node.net;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paddock.node.front.AuthConfig;
import dev.paddock.node.front.Delivery;
import dev.paddock.node.front.FrontLimits;
import dev.paddock.node.front.ServerLoad;
import dev.paddock.node.front.Throttling;
import dev.paddock.node.fuzz.Golden;
import dev.paddock.node.fuzz.Hostile;
import dev.paddock.node.request.Schemes;
import dev.paddock.wire.Writer;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What comes at a client port, from the first byte or from a session on, cut anyhow: whatever it is, no invariant of the loop
 * breaks, which would end the server.
 */
class ClientPortFuzzTest {
    private static final int IN_SESSION = 1; // flags of the first byte of an input
    private static final int FRAMED = 2;
    private static final int PER_BYTE = 4096; // an operation of a multi makes a txn, a znode, an answer and an event
    private static final int SRVR = 0x73727672;
    private static final InetSocketAddress REMOTE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final byte[] CONNECT =
            Golden.vectors("client").findFirst().orElseThrow().bytes();
    private static final AuthConfig AUTH = new AuthConfig(
            Schemes.DEFAULT,
            "SHA1",
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.of(new DigestMd5(Map.of("keeper", () -> "hay"))),
            Set.of(),
            true);

    static Stream<Arguments> seeds() {
        Stream<Arguments> requests = Golden.vectors("client")
                .filter(vector -> vector.form().equals("request"))
                .map(vector -> framed(vector.kind(), IN_SESSION | FRAMED, vector));
        Stream<Arguments> first = Golden.vectors("client")
                .filter(vector -> vector.form().equals("connectRequest"))
                .map(vector -> framed("first", FRAMED, vector));
        Stream<Arguments> words = Stream.of(FourLetterWord.values())
                .map(word -> Golden.seed(word.word(), ("\0\1" + word.word()).getBytes(StandardCharsets.US_ASCII)));
        return Stream.of(requests, first, words).flatMap(each -> each);
    }

    /** The same thing twice, so that it meets what it did. */
    private static Arguments framed(String name, int flags, Golden.Vector vector) {
        var w = new Writer(128);
        w.writeByte((byte) flags);
        w.writeByte((byte) 200);
        for (int i = 0; i < 2; i++) {
            w.writeByte((byte) (vector.bytes().length >> 8));
            w.writeByte((byte) vector.bytes().length);
            w.raw(vector.bytes(), 0, vector.bytes().length);
        }
        return Golden.seed(name, w.toByteArray());
    }

    /**
     * The first byte says whether a session is there already, and whether what follows is cut into frames, an u16 length before
     * each; the second is the length of the pieces.
     */
    @MethodSource("seeds")
    @FuzzTest
    void serves(byte[] input) {
        if (input.length < 3) return;
        byte[] bytes = (input[0] & FRAMED) == 0 ? unframed(input) : frames(input);
        boolean inSession = (input[0] & IN_SESSION) != 0;
        // Of all words this one is always answered, by another thread, which this one-threaded channel cannot have.
        if (!inSession && bytes.length >= 4 && ByteBuffer.wrap(bytes).getInt() == SRVR) return;
        Hostile.decoded(
                input.length, PER_BYTE, () -> serve(bytes, inSession, 1 + (input[1] & 0xff)), NeverThrown.class);
    }

    private static final class NeverThrown extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static boolean serve(byte[] bytes, boolean inSession, int pieceBytes) {
        var channel = new EmbeddedChannel();
        var publication = new Publication<Delivery>(1);
        var core = new MemoryCore(Runnable::run);
        var load = new ServerLoad(Throttling.DEFAULT, () -> new AtomicLong()::addAndGet, (tokens, nowNanos) -> true);
        var driver = new LoopDriver(
                0, channel.eventLoop(), publication, core, FrontLimits.DEFAULT, load, AUTH, ClientPortFuzzTest::broken);
        core.serve(1, batches -> {
            publication.publish(batches);
            driver.wake();
        });
        var words = new FourLetterDesk(new FourLetterAnswers(null, null), word -> false); // none is let through to them
        channel.pipeline().addLast(new ClientChannel(driver, words, new ConnectionLimit(0, 0), REMOTE, false, channel));
        try {
            if (inSession) send(channel, connect());
            for (int at = 0; at < bytes.length && channel.isOpen(); at += pieceBytes) {
                send(channel, ByteBuffer.wrap(bytes, at, Math.min(pieceBytes, bytes.length - at)));
            }
        } finally {
            channel.finishAndReleaseAll();
        }
        return channel.isOpen();
    }

    private static void send(EmbeddedChannel channel, ByteBuffer bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        channel.runPendingTasks();
        channel.releaseOutbound();
    }

    private static void broken(Throwable invariant) {
        throw new AssertionError("this would end the server: " + invariant, invariant);
    }

    private static ByteBuffer connect() {
        return ByteBuffer.allocate(4 + CONNECT.length)
                .putInt(CONNECT.length)
                .put(CONNECT)
                .flip();
    }

    private static byte[] unframed(byte[] input) {
        return Arrays.copyOfRange(input, 2, input.length);
    }

    private static byte[] frames(byte[] input) {
        var w = new Writer(input.length);
        ByteBuffer in = ByteBuffer.wrap(input, 2, input.length - 2);
        while (in.remaining() > 2) {
            byte[] frame = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
            in.get(frame);
            w.writeBuffer(frame);
        }
        return w.toByteArray();
    }
}
