package dev.paddock.wire.golden;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jute.Record;
import org.apache.zookeeper.DeleteContainerRequest;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.MultiResponse;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.*;
import org.apache.zookeeper.server.Request;

/** Cuts the bytes of client connections into frames and frames into fields. Of each kind the first is kept. */
final class ClientVectors {
    private static final int EVENT_XID = -1;
    private static final int MULTIS_KEPT = 3;

    private final Map<String, Vector> vectors = new LinkedHashMap<>();

    List<Vector> all() {
        return new ArrayList<>(vectors.values());
    }

    void add(Tap.Link link) throws IOException {
        List<byte[]> requests = frames(link.fromDialler());
        List<byte[]> replies = frames(link.fromTarget());
        if (requests.isEmpty() || replies.isEmpty()) {
            return;
        }
        keep("connectRequest", FieldLines.of(requests.getFirst(), new ConnectRequest()));
        keep("connectResponse", FieldLines.of(replies.getFirst(), new ConnectResponse()));
        Map<Integer, Integer> types = new HashMap<>();
        for (byte[] frame : requests.subList(1, requests.size())) {
            int type = ByteBuffer.wrap(frame).getInt(4);
            types.put(ByteBuffer.wrap(frame).getInt(0), type);
            addRequest(type, frame);
        }
        for (byte[] frame : replies.subList(1, replies.size())) {
            int xid = ByteBuffer.wrap(frame).getInt(0);
            if (xid == EVENT_XID) {
                int event = ByteBuffer.wrap(frame).getInt(16);
                keep("event " + event, FieldLines.of(frame, new ReplyHeader(), new WatcherEvent()));
            } else {
                addReply(types.get(xid), frame);
            }
        }
    }

    private void addRequest(int type, byte[] frame) throws IOException {
        Record body = request(type);
        keep(
                "request " + Request.op2String(type),
                body == null
                        ? FieldLines.of(frame, new RequestHeader())
                        : FieldLines.of(frame, new RequestHeader(), body));
    }

    private void addReply(int type, byte[] frame) throws IOException {
        String name = Request.op2String(type);
        int err = ByteBuffer.wrap(frame).getInt(12);
        Record body = reply(type);
        if (err != 0) {
            keep("error " + name, FieldLines.of(frame, new ReplyHeader()));
        } else if (body == null) {
            keep("reply " + name, FieldLines.of(frame, new ReplyHeader()));
        } else {
            keep("reply " + name, FieldLines.of(frame, new ReplyHeader(), body));
        }
    }

    private void keep(String kind, List<String> lines) {
        int most = kind.contains("multi") ? MULTIS_KEPT : 1;
        for (int i = 1; i <= most; i++) {
            if (vectors.putIfAbsent(kind + " " + i, new Vector(kind, lines)) == null) {
                return;
            }
        }
    }

    static List<byte[]> frames(byte[] stream) {
        var frames = new ArrayList<byte[]>();
        var bytes = ByteBuffer.wrap(stream);
        while (bytes.remaining() >= 4 && bytes.getInt(bytes.position()) <= bytes.remaining() - 4) {
            byte[] frame = new byte[bytes.getInt()];
            bytes.get(frame);
            frames.add(frame);
        }
        return frames;
    }

    private static Record request(int type) {
        return switch (type) {
            case OpCode.create, OpCode.create2, OpCode.createContainer -> new CreateRequest();
            case OpCode.createTTL -> new CreateTTLRequest();
            case OpCode.delete -> new DeleteRequest();
            case OpCode.deleteContainer -> new DeleteContainerRequest();
            case OpCode.exists -> new ExistsRequest();
            case OpCode.getData -> new GetDataRequest();
            case OpCode.setData -> new SetDataRequest();
            case OpCode.getACL -> new GetACLRequest();
            case OpCode.setACL -> new SetACLRequest();
            case OpCode.getChildren -> new GetChildrenRequest();
            case OpCode.getChildren2 -> new GetChildren2Request();
            case OpCode.sync -> new SyncRequest();
            case OpCode.check -> new CheckVersionRequest();
            case OpCode.multi, OpCode.multiRead -> new MultiOperationRecord();
            case OpCode.reconfig -> new ReconfigRequest();
            case OpCode.checkWatches -> new CheckWatchesRequest();
            case OpCode.removeWatches -> new RemoveWatchesRequest();
            case OpCode.auth -> new AuthPacket();
            case OpCode.sasl -> new GetSASLRequest();
            case OpCode.setWatches -> new SetWatches();
            case OpCode.setWatches2 -> new SetWatches2();
            case OpCode.getEphemerals -> new GetEphemeralsRequest();
            case OpCode.getAllChildrenNumber -> new GetAllChildrenNumberRequest();
            case OpCode.addWatch -> new AddWatchRequest();
            case OpCode.ping, OpCode.closeSession, OpCode.whoAmI -> null;
            default -> throw new IllegalStateException("request of type " + type);
        };
    }

    private static Record reply(int type) {
        return switch (type) {
            case OpCode.create -> new CreateResponse();
            case OpCode.create2, OpCode.createContainer, OpCode.createTTL -> new Create2Response();
            case OpCode.exists -> new ExistsResponse();
            case OpCode.getData, OpCode.reconfig -> new GetDataResponse();
            case OpCode.setData -> new SetDataResponse();
            case OpCode.getACL -> new GetACLResponse();
            case OpCode.setACL -> new SetACLResponse();
            case OpCode.getChildren -> new GetChildrenResponse();
            case OpCode.getChildren2 -> new GetChildren2Response();
            case OpCode.sync -> new SyncResponse();
            case OpCode.multi, OpCode.multiRead -> new MultiResponse();
            case OpCode.sasl -> new SetSASLResponse();
            case OpCode.getEphemerals -> new GetEphemeralsResponse();
            case OpCode.getAllChildrenNumber -> new GetAllChildrenNumberResponse();
            case OpCode.addWatch -> new ErrorResponse();
            case OpCode.whoAmI -> new WhoAmIResponse();
            default -> null;
        };
    }
}
