package dev.paddock.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody may do: bits of {@link Perms}, and who. On the wire: i32 perms, ustring scheme, ustring id. */
public record Acl(int perms, Id id) {
    static final int BYTES_MIN = 4 + Id.BYTES_MIN;

    /** Everybody may do everything: the list that most znodes have. */
    public static final List<Acl> OPEN_UNSAFE = List.of(new Acl(Perms.ALL, Id.ANYONE));

    /** Everybody may read. */
    public static final List<Acl> READ_UNSAFE = List.of(new Acl(Perms.READ, Id.ANYONE));

    private static final byte[] OPEN_BYTES = bytes(OPEN_UNSAFE);

    /** Reads one. */
    public static Acl read(Reader r) {
        return new Acl(r.readInt("acl.perms"), Id.read(r));
    }

    /** Writes one. */
    public void write(Writer w) {
        w.writeInt(perms);
        id.write(w);
    }

    /** Reads a vector; null if the wire says null. The open list is always the same object. */
    public static @Nullable List<Acl> readList(Reader r) {
        if (r.skipIfNext(OPEN_BYTES)) {
            return OPEN_UNSAFE;
        }
        int count = r.readCount(BYTES_MIN, "acl");
        if (count < 0) {
            return null;
        }
        var list = new ArrayList<Acl>(count);
        for (int i = 0; i < count; i++) {
            list.add(read(r));
        }
        return List.copyOf(list);
    }

    /** Writes a vector, or null. */
    public static void writeList(Writer w, @Nullable List<Acl> list) {
        if (list == null) {
            w.writeInt(-1);
            return;
        }
        w.writeInt(list.size());
        for (Acl acl : list) {
            acl.write(w);
        }
    }

    /** Reads a vector as a client asks for it, whose ids may have nulls in them; null if the wire says null. */
    static @Nullable List<Acl> readAsked(Reader r) {
        if (r.skipIfNext(OPEN_BYTES)) {
            return OPEN_UNSAFE;
        }
        int count = r.readCount(BYTES_MIN, "acl");
        if (count < 0) {
            return null;
        }
        var list = new ArrayList<Acl>(count);
        for (int i = 0; i < count; i++) {
            list.add(new Acl(r.readInt("acl.perms"), Id.readAsked(r)));
        }
        return List.copyOf(list);
    }

    /** Reads a vector; a null vector comes as an empty list. */
    static List<Acl> readListOrEmpty(Reader r) {
        List<Acl> list = readList(r);
        return list == null ? List.of() : list;
    }

    private static byte[] bytes(List<Acl> list) {
        var w = new Writer(32);
        writeList(w, list);
        return w.toByteArray();
    }
}
