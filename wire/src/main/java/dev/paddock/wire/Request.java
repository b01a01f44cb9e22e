package dev.paddock.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks, one record for each operation: the bytes after the {@link RequestHeader}. The fields are in the order of the wire, and as the
 * client sent them, unchecked; where the wire can say null they may be null, though there is hardly a request that this makes sense in.
 */
public sealed interface Request {
    /** The type for the header, an {@link OpCode}. */
    int opCode();

    /** Writes the body. */
    void write(Writer w);

    /**
     * Reads the body of a request of this type; whether bytes after it matter is the caller's choice.
     *
     * @throws WireException if the bytes are malformed, or no client can ask for such a type
     */
    static Request read(int type, Reader r) {
        return RequestFormat.read(type, r);
    }

    /** An operation of a {@link Multi}. */
    sealed interface WriteOp extends Request {}

    /** An operation of a {@link MultiRead}. */
    sealed interface ReadOp extends Request {}

    /** Makes a znode and answers its path. Flags: 0 persistent, 1 ephemeral, 2 persistent sequential, 3 ephemeral sequential, 4 container. */
    record Create(
            @Nullable String path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            int flags) implements WriteOp {
        public Create {
            acl = acl == null ? null : List.copyOf(acl);
        }

        @Override
        public int opCode() {
            return OpCode.CREATE;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBuffer(data);
            Acl.writeList(w, acl);
            w.writeInt(flags);
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

    /** As {@link Create}; the answer has the stat too. */
    record Create2(
            @Nullable String path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            int flags) implements WriteOp {
        public Create2 {
            acl = acl == null ? null : List.copyOf(acl);
        }

        @Override
        public int opCode() {
            return OpCode.CREATE2;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBuffer(data);
            Acl.writeList(w, acl);
            w.writeInt(flags);
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

    /** As {@link Create2}, for a container, which the server removes once its last child is gone. */
    record CreateContainer(
            @Nullable String path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            int flags) implements WriteOp {
        public CreateContainer {
            acl = acl == null ? null : List.copyOf(acl);
        }

        @Override
        public int opCode() {
            return OpCode.CREATE_CONTAINER;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBuffer(data);
            Acl.writeList(w, acl);
            w.writeInt(flags);
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

    /** As {@link Create2}, with a time to live. Flags: 5 persistent, 6 persistent sequential. */
    record CreateTtl(
            @Nullable String path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            int flags,
            long ttlMillis) implements WriteOp {
        public CreateTtl {
            acl = acl == null ? null : List.copyOf(acl);
        }

        @Override
        public int opCode() {
            return OpCode.CREATE_TTL;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBuffer(data);
            Acl.writeList(w, acl);
            w.writeInt(flags);
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

    /** Removes a znode; version -1 is any. */
    record Delete(@Nullable String path, int version) implements WriteOp {
        @Override
        public int opCode() {
            return OpCode.DELETE;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeInt(version);
        }
    }

    /** Removes a container without children; a server sends it to itself. */
    record DeleteContainer(String path) implements Request {
        @Override
        public int opCode() {
            return OpCode.DELETE_CONTAINER;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
        }
    }

    /** Asks for the stat of a znode. */
    record Exists(@Nullable String path, boolean watch) implements Request {
        @Override
        public int opCode() {
            return OpCode.EXISTS;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBool(watch);
        }
    }

    /** Asks for data and stat. */
    record GetData(@Nullable String path, boolean watch) implements ReadOp {
        @Override
        public int opCode() {
            return OpCode.GET_DATA;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBool(watch);
        }
    }

    /** Replaces the data; version -1 is any. */
    record SetData(@Nullable String path, byte @Nullable [] data, int version) implements WriteOp {
        @Override
        public int opCode() {
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

    /** Asks for the ACL and stat. */
    record GetAcl(@Nullable String path) implements Request {
        @Override
        public int opCode() {
            return OpCode.GET_ACL;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
        }
    }

    /** Replaces the ACL if the ACL version is this one; -1 is any. */
    record SetAcl(@Nullable String path, @Nullable List<Acl> acl, int version) implements Request {
        public SetAcl {
            acl = acl == null ? null : List.copyOf(acl);
        }

        @Override
        public int opCode() {
            return OpCode.SET_ACL;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            Acl.writeList(w, acl);
            w.writeInt(version);
        }
    }

    /** Asks for the names of the children. */
    record GetChildren(@Nullable String path, boolean watch) implements ReadOp {
        @Override
        public int opCode() {
            return OpCode.GET_CHILDREN;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBool(watch);
        }
    }

    /** Asks for the names of the children and the stat. */
    record GetChildren2(@Nullable String path, boolean watch) implements Request {
        @Override
        public int opCode() {
            return OpCode.GET_CHILDREN2;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBool(watch);
        }
    }

    /**
     * Asks for a part of the children's names: those that come after a cursor in {@link NameOrder} and begin with a prefix. The server looks at a bounded number
     * of names for each request, so a page may be short, or empty, and the listing goes on all the same. READ is needed, as for {@link GetChildren}.
     *
     * <p>What a listing from the first page to the last promises: it has every name once that was there all the time, no name twice, and no name that was never
     * there; of names created or deleted meanwhile it may have some. If every page shows the same pzxid, no child was created or deleted between the first and
     * the last, and the listing is exact at the zxid of each of the replies.
     *
     * <p>Only where {@link Extensions#PAGED_CHILDREN} was agreed on.
     *
     * @param watch  sets a watch on the children, as by {@link GetChildren}, in the state that this page was read from
     * @param cursor where to go on: a name, which need not be there any more; empty is the start
     * @param prefix of the names asked for; empty is all
     * @param limit  the most names in the page, at least 1; the server has a bound of its own
     */
    record GetChildrenPage(String path, boolean watch, String cursor, String prefix, int limit) implements Request {
        @Override
        public int opCode() {
            return OpCode.GET_CHILDREN_PAGE;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeBool(watch);
            w.writeString(cursor);
            w.writeString(prefix);
            w.writeInt(limit);
        }
    }

    /** Is answered once this server has applied all that the leader had committed when it saw the request. */
    record Sync(@Nullable String path) implements Request {
        @Override
        public int opCode() {
            return OpCode.SYNC;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
        }
    }

    /** Keeps the session alive. */
    record Ping() implements Request {
        @Override
        public int opCode() {
            return OpCode.PING;
        }

        @Override
        public void write(Writer w) {}
    }

    /** In a multi: fails all of it unless the znode has this version. */
    record Check(@Nullable String path, int version) implements WriteOp {
        @Override
        public int opCode() {
            return OpCode.CHECK;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeInt(version);
        }
    }

    /** All of these or none. */
    record Multi(List<WriteOp> ops) implements Request {
        public Multi {
            ops = List.copyOf(ops);
        }

        @Override
        public int opCode() {
            return OpCode.MULTI;
        }

        @Override
        public void write(Writer w) {
            MultiFormat.writeRequests(w, ops);
        }
    }

    /** Several reads, answered together, each with a result or an error. */
    record MultiRead(List<ReadOp> ops) implements Request {
        public MultiRead {
            ops = List.copyOf(ops);
        }

        @Override
        public int opCode() {
            return OpCode.MULTI_READ;
        }

        @Override
        public void write(Writer w) {
            MultiFormat.writeRequests(w, ops);
        }
    }

    /** Changes the members, by what joins and leaves or as a whole; version -1 is any. */
    record Reconfig(
            @Nullable String joiningServers,
            @Nullable String leavingServers,
            @Nullable String newMembers,
            long fromConfigVersion)
            implements Request {
        @Override
        public int opCode() {
            return OpCode.RECONFIG;
        }

        @Override
        public void write(Writer w) {
            w.writeString(joiningServers);
            w.writeString(leavingServers);
            w.writeString(newMembers);
            w.writeLong(fromConfigVersion);
        }
    }

    /** Asks whether a watch is there. Types: 1 children, 2 data, 3 any, 4 persistent, 5 persistent recursive. */
    record CheckWatches(@Nullable String path, int watcherType) implements Request {
        @Override
        public int opCode() {
            return OpCode.CHECK_WATCHES;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeInt(watcherType);
        }
    }

    /** Removes a watch; types as for {@link CheckWatches}. */
    record RemoveWatches(@Nullable String path, int watcherType) implements Request {
        @Override
        public int opCode() {
            return OpCode.REMOVE_WATCHES;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeInt(watcherType);
        }
    }

    /** Adds an identity to the connection. {@code authType} is 0. */
    record Auth(int authType, @Nullable String scheme, byte @Nullable [] token) implements Request {
        @Override
        public int opCode() {
            return OpCode.AUTH;
        }

        @Override
        public void write(Writer w) {
            w.writeInt(authType);
            w.writeString(scheme);
            w.writeBuffer(token);
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

    /** One step of a SASL exchange. */
    record Sasl(byte @Nullable [] token) implements Request {
        @Override
        public int opCode() {
            return OpCode.SASL;
        }

        @Override
        public void write(Writer w) {
            w.writeBuffer(token);
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

    /** Sets the watches of a session again after a reconnect; those whose event came after the zxid fire at once. */
    record SetWatches(
            long relativeZxid,
            @Nullable List<@Nullable String> dataWatches,
            @Nullable List<@Nullable String> existWatches,
            @Nullable List<@Nullable String> childWatches)
            implements Request {

        @Override
        public int opCode() {
            return OpCode.SET_WATCHES;
        }

        @Override
        public void write(Writer w) {
            w.writeLong(relativeZxid);
            w.writeStrings(dataWatches);
            w.writeStrings(existWatches);
            w.writeStrings(childWatches);
        }
    }

    /** As {@link SetWatches}, with the persistent ones. */
    record SetWatches2(
            long relativeZxid,
            @Nullable List<@Nullable String> dataWatches,
            @Nullable List<@Nullable String> existWatches,
            @Nullable List<@Nullable String> childWatches,
            @Nullable List<@Nullable String> persistentWatches,
            @Nullable List<@Nullable String> persistentRecursiveWatches)
            implements Request {

        @Override
        public int opCode() {
            return OpCode.SET_WATCHES2;
        }

        @Override
        public void write(Writer w) {
            w.writeLong(relativeZxid);
            w.writeStrings(dataWatches);
            w.writeStrings(existWatches);
            w.writeStrings(childWatches);
            w.writeStrings(persistentWatches);
            w.writeStrings(persistentRecursiveWatches);
        }
    }

    /** Asks for the session's ephemerals below a prefix; null or blank is all. */
    record GetEphemerals(@Nullable String prefixPath) implements Request {
        @Override
        public int opCode() {
            return OpCode.GET_EPHEMERALS;
        }

        @Override
        public void write(Writer w) {
            w.writeString(prefixPath);
        }
    }

    /** Asks for the number of descendants. */
    record GetAllChildrenNumber(@Nullable String path) implements Request {
        @Override
        public int opCode() {
            return OpCode.GET_ALL_CHILDREN_NUMBER;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
        }
    }

    /** Sets a watch that stays. Modes: 0 persistent, 1 persistent recursive. */
    record AddWatch(@Nullable String path, int mode) implements Request {
        @Override
        public int opCode() {
            return OpCode.ADD_WATCH;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            w.writeInt(mode);
        }
    }

    /** Asks for the connection's identities. */
    record WhoAmI() implements Request {
        @Override
        public int opCode() {
            return OpCode.WHO_AM_I;
        }

        @Override
        public void write(Writer w) {}
    }

    /** Opens a session; between servers only. */
    record CreateSession(int timeoutMillis) implements Request {
        @Override
        public int opCode() {
            return OpCode.CREATE_SESSION;
        }

        @Override
        public void write(Writer w) {
            w.writeInt(timeoutMillis);
        }
    }

    /** Closes the session. */
    record CloseSession() implements Request {
        @Override
        public int opCode() {
            return OpCode.CLOSE_SESSION;
        }

        @Override
        public void write(Writer w) {}
    }
}
