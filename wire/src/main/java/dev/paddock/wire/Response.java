package dev.paddock.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server answers: the bytes after a {@link ReplyHeader} without error. The fields are in the order of the wire. A null vector is read as an empty list. */
public sealed interface Response {
    /** Writes the body. */
    void write(Writer w);

    /**
     * Reads the body of the answer to a request of this type.
     *
     * @throws WireException if the bytes are malformed, or there is no such request
     */
    static Response read(int requestType, Reader r) {
        return ResponseFormat.read(requestType, r);
    }

    /** The result of one operation of a multi or multiRead. */
    sealed interface Result extends Response {
        /** The type before it in the multi, an {@link OpCode}. */
        int resultType();
    }

    /** The path made, with its number if sequential. */
    record Create(String path) implements Result {
        @Override
        public int resultType() {
            return OpCode.CREATE;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
        }
    }

    /** The path made and its stat: the answer to create2, createContainer and createTTL. */
    record Create2(String path, Stat stat) implements Result {
        @Override
        public int resultType() {
            return OpCode.CREATE2;
        }

        @Override
        public void write(Writer w) {
            w.writeString(path);
            stat.write(w);
        }
    }

    /** The stat. */
    record Exists(Stat stat) implements Response {
        @Override
        public void write(Writer w) {
            stat.write(w);
        }
    }

    /** Data, null if the znode has none, and stat. */
    record GetData(byte @Nullable [] data, Stat stat) implements Result {
        @Override
        public int resultType() {
            return OpCode.GET_DATA;
        }

        @Override
        public void write(Writer w) {
            w.writeBuffer(data);
            stat.write(w);
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

    /** The stat after the change. */
    record SetData(Stat stat) implements Result {
        @Override
        public int resultType() {
            return OpCode.SET_DATA;
        }

        @Override
        public void write(Writer w) {
            stat.write(w);
        }
    }

    /** ACL and stat. */
    record GetAcl(List<Acl> acl, Stat stat) implements Response {
        public GetAcl {
            acl = List.copyOf(acl);
        }

        @Override
        public void write(Writer w) {
            Acl.writeList(w, acl);
            stat.write(w);
        }
    }

    /** The stat after the change. */
    record SetAcl(Stat stat) implements Response {
        @Override
        public void write(Writer w) {
            stat.write(w);
        }
    }

    /** Names, in no order. */
    record GetChildren(List<String> children) implements Result {
        public GetChildren {
            children = List.copyOf(children);
        }

        @Override
        public int resultType() {
            return OpCode.GET_CHILDREN;
        }

        @Override
        public void write(Writer w) {
            w.writeStrings(children);
        }
    }

    /** Names, in no order, and the stat. */
    record GetChildren2(List<String> children, Stat stat) implements Response {
        public GetChildren2 {
            children = List.copyOf(children);
        }

        @Override
        public void write(Writer w) {
            w.writeStrings(children);
            stat.write(w);
        }
    }

    /**
     * Some of the names, in {@link NameOrder}, and the stat. All but the names, with four bytes more for each, takes 97 bytes with the header, and the cursor.
     *
     * @param more   whether names come after those that the server looked at; if not, this page is the last
     * @param cursor where to go on if there is more; null is after the last name of this page
     */
    record GetChildrenPage(
            List<String> names,
            Stat stat,
            boolean more,
            @Nullable String cursor) implements Response {
        public GetChildrenPage {
            names = List.copyOf(names);
        }

        @Override
        public void write(Writer w) {
            w.writeStrings(names);
            stat.write(w);
            w.writeBool(more);
            w.writeString(cursor);
        }
    }

    /** The path of the request. */
    record Sync(String path) implements Response {
        @Override
        public void write(Writer w) {
            w.writeString(path);
        }
    }

    /** A result for each operation of a multi or multiRead, in their order. */
    record Multi(List<Result> results) implements Response {
        public Multi {
            results = List.copyOf(results);
        }

        @Override
        public void write(Writer w) {
            MultiFormat.writeResults(w, results);
        }
    }

    /** The configuration now in force and the stat of its znode. */
    record Reconfig(byte @Nullable [] config, Stat stat) implements Response {
        @Override
        public void write(Writer w) {
            w.writeBuffer(config);
            stat.write(w);
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

    /** The next token of a SASL exchange. */
    record Sasl(byte @Nullable [] token) implements Response {
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

    /** Paths, in no order. */
    record GetEphemerals(List<String> ephemerals) implements Response {
        public GetEphemerals {
            ephemerals = List.copyOf(ephemerals);
        }

        @Override
        public void write(Writer w) {
            w.writeStrings(ephemerals);
        }
    }

    /** The number of descendants. */
    record GetAllChildrenNumber(int number) implements Response {
        @Override
        public void write(Writer w) {
            w.writeInt(number);
        }
    }

    /** Always 0; the four bytes must be there, the Java client reads them. */
    record AddWatch(int err) implements Response {
        @Override
        public void write(Writer w) {
            w.writeInt(err);
        }
    }

    /** The connection's schemes and users. */
    record WhoAmI(List<Id> clientInfo) implements Response {
        public WhoAmI {
            clientInfo = List.copyOf(clientInfo);
        }

        @Override
        public void write(Writer w) {
            Id.writeList(w, clientInfo);
        }
    }

    /** No bytes: the answer to operations that only succeed. */
    record Empty() implements Response {
        @Override
        public void write(Writer w) {}
    }

    /** In a multi: the delete is done. */
    record Deleted() implements Result {
        @Override
        public int resultType() {
            return OpCode.DELETE;
        }

        @Override
        public void write(Writer w) {}
    }

    /** In a multi: the version was right. */
    record Checked() implements Result {
        @Override
        public int resultType() {
            return OpCode.CHECK;
        }

        @Override
        public void write(Writer w) {}
    }

    /** In a multi: why this operation failed; 0 if one after it failed, -2 if one before it did. */
    record Failed(int err) implements Result {
        @Override
        public int resultType() {
            return OpCode.ERROR;
        }

        @Override
        public void write(Writer w) {
            w.writeInt(err);
        }
    }
}
