package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.front.FrontLimits;
import dev.paddock.node.log.SnapshotDecoder;
import dev.paddock.node.log.SnapshotEncoder;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.Id;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.apache.jute.BinaryOutputArchive;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.util.SerializeUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuorumPacketDecoderTest {
    private static final int DATA_BYTES_MAX = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16, 100, 5000, 1 << 20})
    void packetsComeOutHoweverTheyAreCut(int chunkBytesMax) {
        List<QuorumPacket> packets = packets();
        var w = new Writer(1024);
        packets.forEach(packet -> packet.write(w));
        assertThat(decode(w.toByteArray(), chunkBytesMax, false)).isEqualTo(packets);
    }

    @Test
    void theIdsOfAnyConnectionAreTaken() {
        var id = new Id("digest", "u".repeat(FrontLimits.DEFAULT.idBytesMax()));
        var request = new QuorumPacket(QuorumPacket.REQUEST, -1, new byte[8], List.of(id, id));
        var w = new Writer(1024);
        request.write(w);
        assertThat(decode(w.toByteArray(), 1 << 20, false)).containsExactly(request);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100_000})
    void aSnapshotComesOutHoweverItIsCut(int chunkBytesMax) {
        Database database = Trees.of(500, 200);
        var w = new Writer(1024);
        new QuorumPacket(QuorumPacket.SNAP, database.lastZxid()).write(w);
        new SnapshotEncoder(database, 1000).forEachRemaining(piece -> w.raw(piece, 0, piece.length));
        w.writeString(QuorumPacketDecoder.SIGNATURE);
        var after = new QuorumPacket(QuorumPacket.NEWLEADER, 1L << 32, new byte[] {1});
        after.write(w);
        List<Object> decoded = decode(w.toByteArray(), chunkBytesMax, true);
        assertThat(decoded).hasSize(3).last().isEqualTo(after);
        assertThat(((Database) decoded.get(1)).difference(database)).isNull();
    }

    @Test
    void aSnapshotOfApacheComesOut() throws Exception {
        var tree = new DataTree();
        tree.createNode("/zoo", new byte[] {1, 2}, List.of(), 0, 1, 5, 6);
        tree.createNode("/zoo/lion", null, List.of(), 0, 1, 6, 7);
        var sessions = new HashMap<Long, Integer>();
        sessions.put(7L, 4000);
        var bytes = new ByteArrayOutputStream();
        var archive = BinaryOutputArchive.getArchive(bytes);
        new org.apache.zookeeper.server.quorum.QuorumPacket(QuorumPacket.SNAP, 6, null, null)
                .serialize(archive, "packet");
        SerializeUtils.serializeSnapshot(tree, archive, sessions);
        archive.writeString(QuorumPacketDecoder.SIGNATURE, "signature");
        List<Object> decoded = decode(bytes.toByteArray(), 50, true);
        assertThat(decoded).hasSize(2);
        var database = (Database) decoded.get(1);
        assertThat(database.lastZxid()).isEqualTo(6);
        assertThat(database.sessionTimeoutMillis(7)).isEqualTo(4000);
        assertThat(database.find("/zoo/lion")).isNotNull();
    }

    @Test
    void aWrongSignatureIsRefused() {
        Database database = Trees.of(3, 10);
        var w = new Writer(1024);
        new QuorumPacket(QuorumPacket.SNAP, 1).write(w);
        new SnapshotEncoder(database, 1000).forEachRemaining(piece -> w.raw(piece, 0, piece.length));
        w.writeString("BenWasThere");
        assertThatThrownBy(() -> decode(w.toByteArray(), 100, true)).hasRootCauseInstanceOf(WireException.class);
    }

    @Test
    void whatIsTooLargeOrNegativeIsRefusedAtItsHead() {
        assertRefused(2, DATA_BYTES_MAX + 1, -1);
        assertRefused(2, Integer.MAX_VALUE, -1);
        assertRefused(2, -2, -1);
        assertRefused(0, -1, -1);
        assertRefused(20, -1, -1);
        assertRefused(2, -1, -2);
        assertRefused(2, -1, Integer.MAX_VALUE);
    }

    @Test
    void nothingIsHeardBehindWhatIsRefused() {
        var w = new Writer(64);
        w.writeInt(-1); // no type
        new QuorumPacket(QuorumPacket.ACK, 7).write(w);
        var channel = new EmbeddedChannel(new QuorumPacketDecoder(DATA_BYTES_MAX, null));
        assertThatThrownBy(() -> channel.writeInbound(Unpooled.copiedBuffer(w.toByteArray())))
                .hasRootCauseInstanceOf(WireException.class);
        assertThat(channel.finish()).as("something is heard").isFalse();
    }

    @Test
    void idsAreBoundedTogether() {
        String half = "x".repeat(40 << 10);
        var w = new Writer(1024);
        new QuorumPacket(QuorumPacket.REQUEST, -1, new byte[0], List.of(new Id("digest", half), new Id("digest", half)))
                .write(w);
        assertThatThrownBy(() -> decode(w.toByteArray(), 100_000, false)).hasRootCauseInstanceOf(WireException.class);
    }

    private static void assertRefused(int type, int dataLength, int idCount) {
        var w = new Writer(32);
        w.writeInt(type);
        w.writeLong(0);
        w.writeInt(dataLength);
        w.writeInt(idCount);
        assertThatThrownBy(() -> decode(w.toByteArray(), 100, false))
                .isInstanceOf(DecoderException.class)
                .hasRootCauseInstanceOf(WireException.class);
    }

    private static List<QuorumPacket> packets() {
        var random = new Random(1);
        var packets = new ArrayList<QuorumPacket>();
        for (int i = 0; i < 200; i++) {
            byte[] data = i % 5 == 0 ? null : new byte[i % 50 == 1 ? 100_000 : random.nextInt(300)];
            if (data != null) random.nextBytes(data);
            List<Id> ids = switch (i % 3) {
                case 0 -> null;
                case 1 -> List.of();
                default -> List.of(new Id("ip", "127.0.0.1"), new Id("digest", "käfig:" + i));
            };
            packets.add(new QuorumPacket(1 + i % 14, random.nextLong(), data, ids));
        }
        return packets;
    }

    private static List<Object> decode(byte[] bytes, int chunkBytesMax, boolean fromLeader) {
        var decoder = new QuorumPacketDecoder(
                DATA_BYTES_MAX, fromLeader ? () -> new SnapshotDecoder(Database.loader(), DATA_BYTES_MAX) : null);
        var channel = new EmbeddedChannel(decoder);
        var random = new Random(chunkBytesMax);
        var decoded = new ArrayList<Object>();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(chunkBytesMax));
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, length));
            at += length;
            for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) decoded.add(next);
        }
        return decoded;
    }
}
