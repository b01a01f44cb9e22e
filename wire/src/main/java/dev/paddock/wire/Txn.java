package dev.paddock.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the replicated state, as it is logged and proposed: the bytes after a {@link TxnHeader}. It holds the outcome of a request, not the request: names
 * with their numbers, versions after the change. The fields are in the order of the wire. A null ACL is legal in old logs and means the open one.
 */
public sealed interface Txn {
    /** The type for the header, an {@link OpCode}. */
    int type();

    /** Writes the body. */
    void write(Writer w);

    /**
     * Reads the body of a transaction of this type.
     *
     * @throws WireException if the bytes are malformed, or there is no such transaction
     */
    static Txn read(int type, Reader r) {
        return TxnFormat.read(type, r);
    }

    /** What a {@link Multi} can hold. */
    sealed interface Sub extends Txn {}

    /** A session ends, with the ephemerals that go with it; null in logs of ZooKeeper before 3.6, where the tree says which. */
    record CloseSession(@Nullable List<String> paths) implements Txn {
        public CloseSession {
            paths = paths == null ? null : List.copyOf(paths);
        }

        @Override
        public int type() {
            return OpCode.CLOSE_SESSION;
        }

        @Override
        public void write(Writer w) {
            if (paths != null) {
                w.writeStrings(paths);
            }
        }
    }

    /** A session begins. */
    record CreateSession(int timeoutMillis) implements Txn {
        @Override
        public int type() {
            return OpCode.CREATE_SESSION;
        }

        @Override
        public void write(Writer w) {
            w.writeInt(timeoutMillis);
        }
    }

    /** Several under one zxid. */
    record Multi(List<Sub> txns) implements Txn {
        public Multi {
            txns = List.copyOf(txns);
        }

        @Override
        public int type() {
            return OpCode.MULTI;
        }

        @Override
        public void write(Writer w) {
            TxnFormat.writeSubs(w, txns);
        }
    }

    /** A new ACL and the ACL version it gets. */
    record SetAcl(String path, @Nullable List<Acl> acl, int version) implements Txn {
        public SetAcl {
            acl = acl == null ? null : List.copyOf(acl);
        }

        @Override
        public int type() {
            return OpCode.SET_ACL;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            Acl.writeList(w, acl);
            w.writeInt(version);
        }
    }

    /** New members: the text of the new configuration for the configuration znode. */
    record Reconfig(String path, byte @Nullable [] data, int version) implements Txn {
        @Override
        public int type() {
            return OpCode.RECONFIG;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBuffer(data);
            w.writeInt(version);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return ByteRecords.equal(this, other);
        }

        @Override
        public int hashCode() {
            return ByteRecords.hash(this);
        }

        @Override
        public String toString() {
            return ByteRecords.show(this);
        }
    }

    /** A new znode and the cversion its parent gets; -1 if the record was written before ZooKeeper 3.4 and does not say. */
    record Create(
            String path, byte @Nullable [] data, @Nullable List<Acl> acl, boolean ephemeral, int parentCversion)
            implements Sub {
        public Create {
            acl = acl == null ? null : List.copyOf(acl);
        }

        @Override
        public int type() {
            return OpCode.CREATE;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBuffer(data);
            Acl.writeList(w, acl);
            w.writeBool(ephemeral);
            w.writeInt(parentCversion);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return ByteRecords.equal(this, other);
        }

        @Override
        public int hashCode() {
            return ByteRecords.hash(this);
        }

        @Override
        public String toString() {
            return ByteRecords.show(this);
        }
    }

    /** As {@link Create}. */
    record Create2(
            String path, byte @Nullable [] data, @Nullable List<Acl> acl, boolean ephemeral, int parentCversion)
            implements Sub {
        public Create2 {
            acl = acl == null ? null : List.copyOf(acl);
        }

        @Override
        public int type() {
            return OpCode.CREATE2;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBuffer(data);
            Acl.writeList(w, acl);
            w.writeBool(ephemeral);
            w.writeInt(parentCversion);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return ByteRecords.equal(this, other);
        }

        @Override
        public int hashCode() {
            return ByteRecords.hash(this);
        }

        @Override
        public String toString() {
            return ByteRecords.show(this);
        }
    }

    /** As {@link Create}, for a container. */
    record CreateContainer(
            String path, byte @Nullable [] data, @Nullable List<Acl> acl, int parentCversion) implements Sub {
        public CreateContainer {
            acl = acl == null ? null : List.copyOf(acl);
        }

        @Override
        public int type() {
            return OpCode.CREATE_CONTAINER;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBuffer(data);
            Acl.writeList(w, acl);
            w.writeInt(parentCversion);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return ByteRecords.equal(this, other);
        }

        @Override
        public int hashCode() {
            return ByteRecords.hash(this);
        }

        @Override
        public String toString() {
            return ByteRecords.show(this);
        }
    }

    /** As {@link Create}, with a time to live. */
    record CreateTtl(
            String path, byte @Nullable [] data, @Nullable List<Acl> acl, int parentCversion, long ttlMillis)
            implements Sub {
        public CreateTtl {
            acl = acl == null ? null : List.copyOf(acl);
        }

        @Override
        public int type() {
            return OpCode.CREATE_TTL;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBuffer(data);
            Acl.writeList(w, acl);
            w.writeInt(parentCversion);
            w.writeLong(ttlMillis);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return ByteRecords.equal(this, other);
        }

        @Override
        public int hashCode() {
            return ByteRecords.hash(this);
        }

        @Override
        public String toString() {
            return ByteRecords.show(this);
        }
    }

    /** A znode goes. */
    record Delete(String path) implements Sub {
        @Override
        public int type() {
            return OpCode.DELETE;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
        }
    }

    /** A container goes. */
    record DeleteContainer(String path) implements Sub {
        @Override
        public int type() {
            return OpCode.DELETE_CONTAINER;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
        }
    }

    /** New data and the version the znode gets. */
    record SetData(String path, byte @Nullable [] data, int version) implements Sub {
        @Override
        public int type() {
            return OpCode.SET_DATA;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBuffer(data);
            w.writeInt(version);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return ByteRecords.equal(this, other);
        }

        @Override
        public int hashCode() {
            return ByteRecords.hash(this);
        }

        @Override
        public String toString() {
            return ByteRecords.show(this);
        }
    }

    /** A version that was checked; changes nothing. */
    record Check(String path, int version) implements Sub {
        @Override
        public int type() {
            return OpCode.CHECK;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeInt(version);
        }
    }

    /** A request that was refused; changes nothing but the last zxid. */
    @SuppressWarnings("AvoidCommonTypeNames") // what ZooKeeper calls it
    record Error(int err) implements Sub {
        @Override
        public int type() {
            return OpCode.ERROR;
        }

        @Override
        public void write(Writer w) {
            w.writeInt(err);
        }
    }
}
