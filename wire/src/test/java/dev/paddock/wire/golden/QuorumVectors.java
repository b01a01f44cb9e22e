package dev.paddock.wire.golden;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jute.BinaryInputArchive;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.quorum.Leader;
import org.apache.zookeeper.server.quorum.LearnerInfo;
import org.apache.zookeeper.server.quorum.QuorumPacket;
import org.apache.zookeeper.server.util.SerializeUtils;

/** Cuts the bytes of quorum links into packets, and their data into fields. Of each type, direction and length class of the data the first is kept. */
final class QuorumVectors {
    private static final int SNAP = 15;

    private final Map<String, Vector> vectors = new LinkedHashMap<>();

    List<Vector> all() {
        return new ArrayList<>(vectors.values());
    }

    void add(Tap.Link link, TxnVectors txns) throws IOException {
        addStream(link.fromDialler(), "from learner", txns);
        addStream(link.fromTarget(), "from leader", txns);
    }

    private void addStream(byte[] stream, String direction, TxnVectors txns) throws IOException {
        var in = new ByteArrayInputStream(stream);
        BinaryInputArchive archive = BinaryInputArchive.getArchive(in);
        while (in.available() > 0) {
            int from = stream.length - in.available();
            var packet = new QuorumPacket();
            try {
                packet.deserialize(archive, "packet");
                if (packet.getType() == SNAP) {
                    SerializeUtils.deserializeSnapshot(new DataTree(), archive, new HashMap<>());
                    archive.readString("signature");
                }
            } catch (EOFException cut) {
                return; // the link ended in a packet
            }
            int to = packet.getType() == SNAP ? from + 20 : stream.length - in.available();
            addPacket(packet, Arrays.copyOfRange(stream, from, to), direction, txns);
        }
    }

    private void addPacket(QuorumPacket packet, byte[] bytes, String direction, TxnVectors txns) throws IOException {
        byte[] data = packet.getData();
        String kind = "packet " + Leader.getPacketType(packet.getType()) + " " + direction
                + (data == null ? " bare" : data.length == 0 ? " empty" : "");
        vectors.putIfAbsent(kind, new Vector(kind, FieldLines.of(bytes, new QuorumPacket())));
        if (data != null && data.length > 0) {
            addData(packet.getType(), data, direction.equals("from leader"), txns);
        }
    }

    private void addData(int type, byte[] data, boolean fromLeader, TxnVectors txns) throws IOException {
        var fields = new FieldLines(data);
        switch (type) {
            case 1 -> {
                fields.readLong("sessionId");
                fields.readInt("cxid");
                fields.readInt("type");
                fields.rest("body");
                keep("forwarded", fields);
            }
            case 2, 8 -> txns.add(data);
            case 5 -> {
                while (fields.remaining() > 0) {
                    fields.readLong("sessionId");
                    fields.readInt("timeout");
                }
                keep("touches", fields);
            }
            case 6 -> {
                fields.readLong("sessionId");
                if (fromLeader) {
                    fields.readBool("valid");
                } else {
                    fields.readInt("timeout");
                }
                keep(fromLeader ? "revalidated" : "revalidate", fields);
            }
            case 9, 19 -> {
                fields.readLong("designatedLeader");
                fields.rest("txn");
                keep("activation " + type, fields);
            }
            case 11, 16 -> {
                new LearnerInfo().deserialize(fields, "learnerInfo");
                keep("learnerInfo", fields);
            }
            case 17 -> {
                fields.readInt("protocolVersion");
                keep("leaderInfo", fields);
            }
            case 18 -> {
                fields.readInt("currentEpoch");
                keep("ackEpoch " + ByteBuffer.wrap(data).getInt(), fields);
            }
            default -> {}
        }
    }

    private void keep(String kind, FieldLines fields) {
        vectors.putIfAbsent(kind, new Vector(kind, fields.end()));
    }
}
