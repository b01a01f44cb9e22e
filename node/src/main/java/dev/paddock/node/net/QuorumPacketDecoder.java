package dev.paddock.node.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.paddock.node.log.SnapshotDecoder;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.Id;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Reader;
import dev.paddock.wire.WireException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a quorum link into {@link QuorumPacket}s, which have no length before them: i32 type, i64 zxid, buffer data, vector of ids. From a leader, a
 * SNAP packet is followed by the body of a snapshot and the string "BenWasHere"; they become a {@link Database}. Every byte is looked at once, and what is kept
 * never exceeds twice what has come. Owned by the event loop of its link.
 */
final class QuorumPacketDecoder extends ByteToMessageDecoder {
    /** What stands at the end of a snapshot on the wire. */
    static final String SIGNATURE = "BenWasHere";

    private static final int HEAD_BYTES = 16;
    private static final int ID_BYTES_MAX = 64 << 10;
    private static final int IDS_MAX = 1024;
    private static final int CHUNK_BYTES = 64 << 10;

    private enum Part {
        HEAD,
        DATA,
        ID_COUNT,
        ID_STRING,
        SNAPSHOT,
        SIGNATURE
    }

    private int dataBytesMax;
    private final @Nullable Supplier<SnapshotDecoder> snapshots; // null on links where none may come

    private boolean isBroken;
    private Part part = Part.HEAD;
    private int type;
    private long zxid;
    private byte @Nullable [] data;
    private int dataLength;
    private int dataHave;
    private int idStringsLeft;
    private int idBytes;
    private final List<String> idStrings = new ArrayList<>(); // scheme, id, scheme, id…
    private @Nullable SnapshotDecoder snapshot;

    /**
     * Starts at the beginning of a packet.
     *
     * @param dataBytesMax largest data of a packet
     * @param snapshots    makes what reads the snapshot after SNAP; null if none may come
     */
    QuorumPacketDecoder(int dataBytesMax, @Nullable Supplier<SnapshotDecoder> snapshots) {
        this.dataBytesMax = dataBytesMax;
        this.snapshots = snapshots;
    }

    /** Changes the limit, from the next packet on. */
    void allow(int newDataBytesMax) {
        dataBytesMax = newDataBytesMax;
    }

    /** After a packet that is none, nothing more is heard: Netty would have what is left decoded when the link closes. */
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        try {
            if (!isBroken) decode(in, out);
        } catch (WireException e) {
            isBroken = true;
            throw e;
        } finally {
            if (isBroken) in.skipBytes(in.readableBytes());
        }
    }

    private void decode(ByteBuf in, List<Object> out) {
        boolean goesOn = true;
        while (goesOn && in.isReadable()) {
            goesOn = switch (part) {
                case HEAD -> head(in);
                case DATA -> data(in);
                case ID_COUNT -> idCount(in, out);
                case ID_STRING -> idString(in, out);
                case SNAPSHOT -> snapshot(in);
                case SIGNATURE -> signature(in, out);
            };
        }
    }

    private boolean head(ByteBuf in) {
        if (in.readableBytes() < HEAD_BYTES) return false;
        type = in.readInt();
        if (type < QuorumPacket.REQUEST || type > QuorumPacket.INFORMANDACTIVATE) {
            throw new WireException("packet.type: no such type: " + type);
        }
        zxid = in.readLong();
        dataLength = in.readInt();
        if (dataLength < -1 || dataLength > dataBytesMax) {
            throw new WireException("packet.data: length " + dataLength + ", at most " + dataBytesMax);
        }
        data = dataLength < 0 ? null : new byte[Math.min(dataLength, Math.max(in.readableBytes(), CHUNK_BYTES))];
        dataHave = 0;
        part = dataLength > 0 ? Part.DATA : Part.ID_COUNT;
        return true;
    }

    private boolean data(ByteBuf in) {
        byte[] filled = data == null ? new byte[0] : data;
        int more = Math.min(dataLength - dataHave, in.readableBytes());
        if (dataHave + more > filled.length) {
            filled = Arrays.copyOf(filled, Math.min(dataLength, Math.max(dataHave + more, 2 * filled.length)));
        }
        in.readBytes(filled, dataHave, more);
        data = filled;
        dataHave += more;
        if (dataHave == dataLength) part = Part.ID_COUNT;
        return true;
    }

    private boolean idCount(ByteBuf in, List<Object> out) {
        if (in.readableBytes() < 4) return false;
        int count = in.readInt();
        if (count < -1 || count > IDS_MAX) throw new WireException("packet.authinfo: " + count + " ids");
        idStrings.clear();
        idBytes = 0;
        idStringsLeft = 2 * count;
        if (count <= 0) packet(count < 0 ? null : List.of(), out);
        else part = Part.ID_STRING;
        return true;
    }

    private boolean idString(ByteBuf in, List<Object> out) {
        if (in.readableBytes() < 4) return false;
        int length = in.getInt(in.readerIndex());
        if (length < 0 || length > ID_BYTES_MAX - idBytes) throw new WireException("packet.authinfo: length " + length);
        if (in.readableBytes() < 4 + length) return false;
        idBytes += length;
        byte[] string = new byte[4 + length];
        in.readBytes(string);
        idStrings.add(new Reader(string).requireString("packet.authinfo"));
        if (--idStringsLeft == 0) packet(ids(), out);
        return true;
    }

    private List<Id> ids() {
        var ids = new ArrayList<Id>();
        for (int i = 0; i < idStrings.size(); i += 2) {
            ids.add(new Id(idStrings.get(i), idStrings.get(i + 1)));
        }
        return ids;
    }

    private void packet(@Nullable List<Id> ids, List<Object> out) {
        out.add(new QuorumPacket(type, zxid, data, ids));
        data = null;
        part = Part.HEAD;
        if (type == QuorumPacket.SNAP && snapshots != null) {
            snapshot = snapshots.get();
            part = Part.SNAPSHOT;
        }
    }

    private boolean snapshot(ByteBuf in) {
        SnapshotDecoder decoder = receiving();
        byte[] chunk = new byte[Math.min(in.readableBytes(), CHUNK_BYTES)];
        in.getBytes(in.readerIndex(), chunk);
        in.skipBytes(decoder.feed(chunk, 0, chunk.length));
        if (decoder.isDone()) part = Part.SIGNATURE;
        return true;
    }

    private boolean signature(ByteBuf in, List<Object> out) {
        if (in.readableBytes() < 4 + SIGNATURE.length()) return false;
        int length = in.readInt();
        String text = in.readString(SIGNATURE.length(), US_ASCII);
        if (length != SIGNATURE.length() || !text.equals(SIGNATURE)) {
            throw new WireException("snapshot.signature: not " + SIGNATURE);
        }
        out.add(receiving().database(zxid));
        snapshot = null;
        part = Part.HEAD;
        return true;
    }

    private SnapshotDecoder receiving() {
        if (snapshot == null) throw new IllegalStateException("no snapshot is being received");
        return snapshot;
    }
}
