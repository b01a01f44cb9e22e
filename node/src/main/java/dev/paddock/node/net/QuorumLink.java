package dev.paddock.node.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.paddock.node.log.SnapshotEncoder;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Input;
import dev.paddock.wire.Id;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Writer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One link of the quorum port, between a leader and a learner. What is sent is gathered until {@link #flush}. A snapshot goes out piece by piece, as fast as the
 * other side takes it; what is sent after it waits behind it. Owned by the core's event loop.
 */
final class QuorumLink extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(QuorumLink.class);
    private static final int PACKET_BYTES_WITHOUT_DATA = 20; // and without ids
    private static final int COPIED_BYTES_MAX = 32 << 10; // larger data is sent from where it lies
    private static final int PIECE_BYTES = 64 << 10;
    private static final int PIECES_AT_ONCE = 16; // then other work of the loop gets its turn
    private static final long PROGRESS_EVERY_NANOS = 500_000_000L;

    private final long number;
    private final long outboxBytesMax;
    private final Consumer<Input> inputs;
    private final Channel channel;
    private final Deque<Object> behindSnapshot = new ArrayDeque<>(); // QuorumPacket or Database, in the order sent
    private @Nullable SnapshotEncoder snapshot;
    private @Nullable ByteBuf gathered;
    private long outboxBytes; // given to be sent and not yet taken by the kernel
    private boolean announced; // the core knows the number
    private long lastProgressNanos = System.nanoTime();
    private final long establishedMillis = System.currentTimeMillis();
    private long packetsReceived;
    private long packetsSent;
    private long requests;
    private long lastZxid = -1; // sent, pings aside

    /** Something was sent since the last flush. */
    boolean unflushed;

    QuorumLink(long number, Channel channel, long outboxBytesMax, Consumer<Input> inputs) {
        this.number = number;
        this.channel = channel;
        this.outboxBytesMax = outboxBytesMax;
        this.inputs = inputs;
    }

    long number() {
        return number;
    }

    /** Tells the core of the link, first of all that it hears of it. */
    void announce(Input linked) {
        announced = true;
        inputs.accept(linked);
    }

    void close() {
        var _ = channel.close();
    }

    /** Closes it once what was sent has gone out, as far as the network takes it at once. */
    void end() {
        flush();
        close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        packetsReceived++;
        if (message instanceof QuorumPacket packet) {
            if (packet.type() == QuorumPacket.REQUEST) requests++;
            inputs.accept(new Input.Received(number, packet));
        } else {
            inputs.accept(new Input.ReceivedSnapshot(number, (Database) message));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        progress(); // a snapshot may be minutes on its way
        context.fireChannelReadComplete();
    }

    private void progress() {
        long now = System.nanoTime();
        if (!announced || now - lastProgressNanos < PROGRESS_EVERY_NANOS) return;
        lastProgressNanos = now;
        inputs.accept(new Input.Progress(number));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        behindSnapshot.clear();
        snapshot = null;
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
        if (announced) inputs.accept(new Input.Unlinked(number));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.info("quorum link with {} ends: {}", channel.remoteAddress(), cause.toString());
        var _ = context.close();
    }

    void send(QuorumPacket packet) {
        if (!channel.isActive()) return;
        packetsSent++;
        if (packet.type() != QuorumPacket.PING) lastZxid = packet.zxid();
        if (snapshot != null) {
            outboxBytes += bytes(packet);
            behindSnapshot.add(packet);
        } else {
            gather(packet);
        }
        if (outboxBytes > outboxBytesMax) {
            LOG.warn(
                    "learner at {} reads too slowly: {} bytes wait, cutting its link",
                    channel.remoteAddress(),
                    outboxBytes);
            close();
        }
    }

    void sendSnapshot(Database database) {
        if (!channel.isActive()) return;
        if (snapshot != null) {
            behindSnapshot.add(database);
            return;
        }
        gather(new QuorumPacket(QuorumPacket.SNAP, database.lastZxid()));
        flush();
        snapshot = new SnapshotEncoder(database, PIECE_BYTES);
        channel.eventLoop().execute(this::pump);
    }

    LinkStats stats() {
        return new LinkStats(
                String.valueOf(channel.remoteAddress()),
                establishedMillis,
                behindSnapshot.size(),
                outboxBytes,
                packetsReceived,
                packetsSent,
                requests,
                lastZxid);
    }

    void resetStats() {
        packetsReceived = 0;
        packetsSent = 0;
        requests = 0;
        lastZxid = -1;
    }

    /** Sends what was gathered. */
    void flush() {
        unflushed = false;
        writeGathered();
        channel.flush();
    }

    private static int bytes(QuorumPacket packet) {
        byte[] data = packet.data();
        return PACKET_BYTES_WITHOUT_DATA + (data == null ? 0 : data.length);
    }

    private void gather(QuorumPacket packet) {
        if (gathered == null) gathered = channel.alloc().directBuffer(4096);
        byte[] data = packet.data();
        gathered.writeInt(packet.type()).writeLong(packet.zxid()).writeInt(data == null ? -1 : data.length);
        if (data != null && data.length > COPIED_BYTES_MAX) {
            writeGathered();
            write(Unpooled.wrappedBuffer(data));
            gathered = channel.alloc().directBuffer(4096);
        } else if (data != null) {
            gathered.writeBytes(data);
        }
        writeIds(gathered, packet);
    }

    private static void writeIds(ByteBuf out, QuorumPacket packet) {
        if (packet.authinfo() == null) {
            out.writeInt(-1);
            return;
        }
        out.writeInt(packet.authinfo().size());
        var w = new Writer(64);
        for (Id id : packet.authinfo()) id.write(w);
        out.writeBytes(w.array(), 0, w.length());
    }

    private void writeGathered() {
        ByteBuf full = gathered;
        gathered = null;
        if (full != null) write(full);
    }

    private void write(ByteBuf bytes) {
        int length = bytes.readableBytes();
        outboxBytes += length;
        var _ = channel.write(bytes).addListener(done -> outboxBytes -= length);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        pump();
        context.fireChannelWritabilityChanged();
    }

    /** Sends pieces of the snapshot while the other side takes them. */
    private void pump() {
        for (int pieces = 0; snapshot != null && channel.isWritable(); pieces++) {
            if (pieces == PIECES_AT_ONCE) {
                channel.eventLoop().execute(this::pump);
                return;
            }
            if (snapshot.hasNext()) {
                progress();
                write(Unpooled.wrappedBuffer(snapshot.next()));
                channel.flush();
            } else {
                endSnapshot();
            }
        }
    }

    private void endSnapshot() {
        snapshot = null;
        write(channel.alloc()
                .buffer()
                .writeInt(QuorumPacketDecoder.SIGNATURE.length())
                .writeBytes(QuorumPacketDecoder.SIGNATURE.getBytes(US_ASCII)));
        while (snapshot == null && !behindSnapshot.isEmpty()) {
            switch (behindSnapshot.removeFirst()) {
                case QuorumPacket packet -> {
                    outboxBytes -= bytes(packet);
                    gather(packet);
                }
                case Database database -> sendSnapshot(database);
                default -> throw new IllegalStateException("neither packet nor snapshot");
            }
        }
        flush();
    }
}
