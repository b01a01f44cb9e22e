package dev.paddock.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody: an authentication scheme and a name in it, of which none is null but where a client asks for an ACL. On the wire: ustring scheme, ustring id. */
public record Id(@Nullable String scheme, @Nullable String id) {
    static final int BYTES_MIN = 8;

    /** Everybody. */
    public static final Id ANYONE = new Id("world", "anyone");

    /** Reads one. */
    public static Id read(Reader r) {
        return new Id(r.requireString("id.scheme"), r.requireString("id.id"));
    }

    /** Reads one as a client may ask for it, with nulls. */
    static Id readAsked(Reader r) {
        return new Id(r.readString("id.scheme"), r.readString("id.id"));
    }

    /** Writes one. */
    public void write(Writer w) {
        w.writeString(scheme);
        w.writeString(id);
    }

    /** Reads a vector; a null vector comes as an empty list. */
    static List<Id> readList(Reader r, String field) {
        List<Id> ids = readListOrNull(r, field);
        return ids == null ? List.of() : ids;
    }

    /** Reads a vector; null if the wire says null. */
    static @Nullable List<Id> readListOrNull(Reader r, String field) {
        int count = r.readCount(BYTES_MIN, field);
        if (count < 0) {
            return null;
        }
        var ids = new ArrayList<Id>(count);
        for (int i = 0; i < count; i++) {
            ids.add(read(r));
        }
        return List.copyOf(ids);
    }

    static void writeList(Writer w, @Nullable List<Id> ids) {
        if (ids == null) {
            w.writeInt(-1);
            return;
        }
        w.writeInt(ids.size());
        for (Id id : ids) {
            id.write(w);
        }
    }
}
