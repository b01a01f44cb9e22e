package dev.paddock.wire;

import java.util.ArrayList;
import java.util.List;

/** The table of transaction bodies: fields by type, in the order of the wire. */
final class TxnFormat {
    private static final int SUB_BYTES_MIN = 8; // type and a null buffer

    private TxnFormat() {}

    static Txn read(int type, Reader r) {
        return switch (type) {
            case OpCode.CLOSE_SESSION -> readCloseSession(r);
            case OpCode.CREATE_SESSION -> new Txn.CreateSession(r.readInt("createSessionTxn.timeoutMillis"));
            case OpCode.MULTI -> new Txn.Multi(TxnFormat.readSubs(r));
            case OpCode.SET_ACL ->
                new Txn.SetAcl(r.requireString("setAclTxn.path"), Acl.readList(r), r.readInt("setAclTxn.version"));
            case OpCode.RECONFIG ->
                new Txn.Reconfig(
                        r.requireString("reconfigTxn.path"),
                        r.readBuffer("reconfigTxn.data"),
                        r.readInt("reconfigTxn.version"));
            default -> readSub(type, r);
        };
    }

    private static Txn.Sub readSub(int type, Reader r) {
        return switch (type) {
            case OpCode.CREATE -> readCreate(r);
            case OpCode.CREATE2 ->
                new Txn.Create2(
                        r.requireString("create2Txn.path"),
                        r.readBuffer("create2Txn.data"),
                        Acl.readList(r),
                        r.readBool("create2Txn.ephemeral"),
                        r.readInt("create2Txn.parentCversion"));
            case OpCode.CREATE_CONTAINER ->
                new Txn.CreateContainer(
                        r.requireString("createContainerTxn.path"),
                        r.readBuffer("createContainerTxn.data"),
                        Acl.readList(r),
                        r.readInt("createContainerTxn.parentCversion"));
            case OpCode.CREATE_TTL ->
                new Txn.CreateTtl(
                        r.requireString("createTtlTxn.path"),
                        r.readBuffer("createTtlTxn.data"),
                        Acl.readList(r),
                        r.readInt("createTtlTxn.parentCversion"),
                        r.readLong("createTtlTxn.ttlMillis"));
            case OpCode.DELETE -> new Txn.Delete(r.requireString("deleteTxn.path"));
            case OpCode.DELETE_CONTAINER -> new Txn.DeleteContainer(r.requireString("deleteContainerTxn.path"));
            case OpCode.SET_DATA ->
                new Txn.SetData(
                        r.requireString("setDataTxn.path"),
                        r.readBuffer("setDataTxn.data"),
                        r.readInt("setDataTxn.version"));
            case OpCode.CHECK -> new Txn.Check(r.requireString("checkTxn.path"), r.readInt("checkTxn.version"));
            case OpCode.ERROR -> new Txn.Error(r.readInt("errorTxn.err"));
            default -> throw new WireException("txn.type: " + OpCode.name(type) + " is no transaction here");
        };
    }

    /** Before ZooKeeper 3.4 the record ended at the flag. */
    private static Txn.Create readCreate(Reader r) {
        String path = r.requireString("createTxn.path");
        byte[] data = r.readBuffer("createTxn.data");
        List<Acl> acl = Acl.readList(r);
        boolean ephemeral = r.readBool("createTxn.ephemeral");
        int parentCversion = r.remaining() == 0 ? -1 : r.readInt("createTxn.parentCversion");
        return new Txn.Create(path, data, acl, ephemeral, parentCversion);
    }

    /**
     * Without {@code closeSessionTxn.enabled} there is no body, but a digest may follow. No list of two paths is as short as a digest, which begins with the
     * same 2, so the length tells.
     */
    private static Txn.CloseSession readCloseSession(Reader r) {
        boolean onlyDigest = r.remaining() == TxnDigest.BYTES && r.peekInt() == TxnDigest.VERSION;
        return new Txn.CloseSession(r.remaining() == 0 || onlyDigest ? null : r.readStrings("closeSessionTxn.paths"));
    }

    /** Each is an i32 type and its body as a buffer. */
    static List<Txn.Sub> readSubs(Reader r) {
        int count = r.readCount(SUB_BYTES_MIN, "multiTxn.txns");
        if (count <= 0) {
            return List.of();
        }
        var subs = new ArrayList<Txn.Sub>(count);
        for (int i = 0; i < count; i++) {
            int type = r.readInt("multiTxn.type");
            byte[] body = r.readBuffer("multiTxn.data");
            if (body == null) {
                throw new WireException("multiTxn.data: null is not allowed here");
            }
            var inner = new Reader(body);
            subs.add(readSub(type, inner));
            inner.requireEnd();
        }
        return List.copyOf(subs);
    }

    static void writeSubs(Writer w, List<Txn.Sub> subs) {
        w.writeInt(subs.size());
        for (Txn.Sub sub : subs) {
            w.writeInt(sub.type());
            int lengthAt = w.length();
            w.writeInt(0);
            sub.write(w);
            w.setInt(lengthAt, w.length() - lengthAt - 4);
        }
    }
}
