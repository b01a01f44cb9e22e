package dev.paddock.client;

import dev.paddock.wire.Acl;
import java.util.List;

/** One operation of a multi. Paths are as everywhere in {@link Client}; a version of {@link Client#ANY_VERSION} is not compared. */
public sealed interface Op {
    /** The znode it is about. */
    String path();

    /** Creates a znode that everybody may use. */
    static Op create(String path, byte[] data, CreateMode mode) {
        return new Create(path, data, Acl.OPEN_UNSAFE, mode);
    }

    /** Creates a znode; gives {@link Created}. */
    record Create(String path, byte[] data, List<Acl> acl, CreateMode mode) implements Op {}

    /** Replaces the data; gives {@link OpResult.DataSet}. */
    record SetData(String path, byte[] data, int version) implements Op {}

    /** Deletes a znode without children; gives {@link OpResult.Deleted}. */
    record Delete(String path, int version) implements Op {}

    /** Refuses the whole multi unless the znode exists with this version; gives {@link OpResult.Checked}. */
    record Check(String path, int version) implements Op {}
}
