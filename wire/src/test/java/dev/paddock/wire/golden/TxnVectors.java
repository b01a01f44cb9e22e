package dev.paddock.wire.golden;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jute.Record;
import org.apache.zookeeper.server.Request;
import org.apache.zookeeper.server.util.SerializeUtils;
import org.apache.zookeeper.txn.TxnDigest;
import org.apache.zookeeper.txn.TxnHeader;

/** Takes the payloads out of transaction logs. Of each kind the first is kept. */
final class TxnVectors {
    private static final int HEADER_BYTES = 16;

    private final Map<String, Vector> vectors = new LinkedHashMap<>();

    List<Vector> all() {
        return new ArrayList<>(vectors.values());
    }

    void addLog(Path file) throws IOException {
        var log = ByteBuffer.wrap(Files.readAllBytes(file));
        log.position(HEADER_BYTES);
        while (log.remaining() >= 12) {
            log.getLong(); // checksum
            byte[] payload = new byte[log.getInt()];
            if (payload.length == 0) {
                return;
            }
            log.get(payload);
            log.get(); // end of record
            add(payload);
        }
    }

    void add(byte[] payload) throws IOException {
        Record txn = SerializeUtils.deserializeTxn(payload).getTxn();
        var header = new TxnHeader();
        var fields = new FieldLines(payload);
        header.deserialize(fields, "header");
        if (txn != null) {
            newLike(txn).deserialize(fields, "txn");
        }
        if (fields.remaining() > 0) {
            new TxnDigest().deserialize(fields, "digest");
        }
        String kind = "txn " + Request.op2String(header.getType());
        vectors.putIfAbsent(kind, new Vector(kind, fields.end()));
    }

    private static Record newLike(Record record) {
        try {
            return record.getClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
