package dev.paddock.node.net;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paddock.node.fuzz.Golden;
import dev.paddock.node.fuzz.Hostile;
import dev.paddock.node.members.Address;
import dev.paddock.node.zab.Input;
import dev.paddock.wire.Hello;
import dev.paddock.wire.Notification;
import dev.paddock.wire.Reader;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes at an election port, cut anyhow: a hello and notifications are heard up to the first that is malformed. */
class ElectionPortFuzzTest {
    private static final int PER_BYTE = 128;
    private static final int NOTIFICATION_BYTES_MAX = 512 << 10;

    static Stream<Arguments> seeds() {
        byte[] hello = Golden.vectors("election")
                .filter(vector -> vector.form().equals("hello"))
                .findFirst()
                .orElseThrow()
                .bytes();
        var all = new Writer(1024);
        all.writeByte((byte) 9);
        all.raw(hello, 0, hello.length);
        Golden.vectors("election")
                .filter(vector -> vector.form().equals("notification"))
                .forEach(vector -> all.writeBuffer(vector.bytes()));
        var old = new Writer(64);
        old.writeByte((byte) 100);
        old.writeLong(2); // before ZooKeeper 3.5 a hello was no more
        old.writeBuffer(new byte[28]);
        return Stream.of(Golden.seed("all", all.toByteArray()), Golden.seed("old", old.toByteArray()));
    }

    /** The first byte is the length of the pieces. */
    @MethodSource("seeds")
    @FuzzTest
    void hears(byte[] input) {
        if (input.length == 0) return;
        List<Notification> heard = Hostile.decoded(input.length, PER_BYTE, () -> hear(input), WireException.class)
                .orElseThrow();
        List<Notification> written = written(ByteBuffer.wrap(input, 1, input.length - 1));
        if (!heard.equals(written)) throw new AssertionError("heard " + heard + ", written " + written);
    }

    private static List<Notification> hear(byte[] input) {
        var channel = new EmbeddedChannel();
        var heard = new ArrayList<Notification>();
        var own = new Address("localhost", 1);
        var transport = new PeerTransport(channel.eventLoop(), 1, 1, null, InetAddress::getAllByName);
        channel.pipeline()
                .addLast(new HelloDecoder((context, hello) -> new ElectionPeer(
                                1, hello.sid(), null, own, false, channel.eventLoop(), transport, told -> {
                                    if (told instanceof Input.Heard said) heard.add(said.notification());
                                })
                        .linked(channel)));
        int pieceBytes = 1 + (input[0] & 0xff);
        try {
            for (int at = 1; at < input.length && channel.isOpen(); at += pieceBytes) {
                channel.writeInbound(Unpooled.wrappedBuffer(input, at, Math.min(pieceBytes, input.length - at)));
            }
        } catch (DecoderException e) { // no hello
            if (!(e.getCause() instanceof WireException)) throw e;
        }
        close(channel);
        return heard;
    }

    /** What is no hello is refused once more: Netty has it decoded again. */
    private static void close(EmbeddedChannel channel) {
        try {
            channel.finishAndReleaseAll();
        } catch (DecoderException e) {
            if (!(e.getCause() instanceof WireException)) throw e;
        }
    }

    /** The notifications in these bytes, read with all of them at hand. */
    private static List<Notification> written(ByteBuffer in) {
        var notifications = new ArrayList<Notification>();
        try {
            byte[] rest = new byte[in.remaining()];
            in.duplicate().get(rest);
            int hello = Hello.length(new Reader(rest));
            if (hello < 0 || hello > rest.length) return notifications;
            Hello.read(new Reader(rest, 0, hello));
            in.position(in.position() + hello);
            while (in.remaining() >= 4) {
                int length = in.getInt();
                if (length < 0 || length > NOTIFICATION_BYTES_MAX || length > in.remaining()) return notifications;
                byte[] message = new byte[length];
                in.get(message);
                notifications.add(Notification.parse(message));
            }
        } catch (WireException e) {
            return notifications; // what was before it is heard
        }
        return notifications;
    }
}
