package dev.paddock.cli.files;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.paddock.wire.Acl;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Transactions for programs. Owned by one thread. */
final class TxnJson {
    private final JsonGenerator json;
    private final boolean withData;
    private final boolean asText;

    /**
     * Prepares.
     *
     * @param withData whether the data is wanted, not only its length
     * @param asText   whether as text, where it is some
     */
    TxnJson(JsonGenerator json, boolean withData, boolean asText) {
        this.json = json;
        this.withData = withData;
        this.asText = asText;
    }

    /** Writes the fields of a record. */
    void record(TxnRecord record) throws IOException {
        TxnHeader header = record.header();
        JsonLines.hex(json, "zxid", header.zxid());
        json.writeNumberField("timeMillis", header.timeMillis());
        json.writeStringField("time", TxnText.time(header.timeMillis()));
        JsonLines.hex(json, "session", header.sessionId());
        json.writeNumberField("cxid", header.cxid());
        txn(record.txn());
        if (record.digest().isPresent()) {
            json.writeNumberField("digestVersion", record.digest().get().version());
            json.writeStringField("digest", Long.toString(record.digest().get().treeDigest()));
        }
    }

    private void txn(Txn txn) throws IOException {
        json.writeStringField("type", OpCode.name(txn.type()));
        switch (txn) {
            case Txn.Create c -> {
                created(c.path(), c.data(), c.acl(), c.parentCversion());
                json.writeBooleanField("ephemeral", c.ephemeral());
            }
            case Txn.Create2 c -> {
                created(c.path(), c.data(), c.acl(), c.parentCversion());
                json.writeBooleanField("ephemeral", c.ephemeral());
            }
            case Txn.CreateContainer c -> created(c.path(), c.data(), c.acl(), c.parentCversion());
            case Txn.CreateTtl c -> {
                created(c.path(), c.data(), c.acl(), c.parentCversion());
                json.writeNumberField("ttlMillis", c.ttlMillis());
            }
            case Txn.Delete d -> json.writeStringField("path", d.path());
            case Txn.DeleteContainer d -> json.writeStringField("path", d.path());
            case Txn.SetData s -> set(s.path(), s.data(), s.version());
            case Txn.Reconfig s -> set(s.path(), s.data(), s.version());
            case Txn.SetAcl s -> {
                json.writeStringField("path", s.path());
                JsonLines.acl(json, s.acl());
                json.writeNumberField("aversion", s.version());
            }
            case Txn.Check c -> {
                json.writeStringField("path", c.path());
                json.writeNumberField("version", c.version());
            }
            case Txn.Error e -> {
                json.writeNumberField("error", e.err());
                json.writeStringField("errorName", Values.error(e.err()));
            }
            case Txn.CreateSession s -> json.writeNumberField("timeoutMillis", s.timeoutMillis());
            case Txn.CloseSession s -> ephemerals(s.paths());
            case Txn.Multi m -> subs(m.txns());
        }
    }

    private void created(String path, byte @Nullable [] data, @Nullable List<Acl> acl, int parentCversion)
            throws IOException {
        json.writeStringField("path", path);
        data(data);
        JsonLines.acl(json, acl);
        json.writeNumberField("parentCversion", parentCversion);
    }

    private void set(String path, byte @Nullable [] data, int version) throws IOException {
        json.writeStringField("path", path);
        data(data);
        json.writeNumberField("version", version);
    }

    private void data(byte @Nullable [] data) throws IOException {
        json.writeNumberField("dataLength", data == null ? 0 : data.length);
        if (withData) JsonLines.data(json, data, asText);
    }

    private void ephemerals(@Nullable List<String> paths) throws IOException {
        if (paths == null) return; // before 3.6 the tree says which
        json.writeArrayFieldStart("ephemerals");
        for (String path : paths) json.writeString(path);
        json.writeEndArray();
    }

    private void subs(List<Txn.Sub> subs) throws IOException {
        json.writeArrayFieldStart("txns");
        for (Txn.Sub sub : subs) {
            json.writeStartObject();
            txn(sub);
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
