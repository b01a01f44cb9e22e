package dev.paddock.node.request;

import dev.paddock.node.members.Reconfiguration.Outcome;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Overrun;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.NullAclException;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.Request;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns a write into the transaction that every server will apply, on the leader: the part of Apache ZooKeeper 3.9's
 * {@code PrepRequestProcessor}. It looks at the head, the database with all that was proposed, so a transaction counts
 * on those before it. A refused write becomes an error transaction, which takes its zxid like any other.
 */
public final class Preparer {
    private static final int CONTAINER_FLAG = 4; // those below are persistent and ephemeral, the two above have a TTL

    private static final Reconfigurations NONE =
            (request, zxid) -> new Outcome.Refused(ErrorCode.RECONFIG_DISABLED, "members do not change here");

    /** What the leader makes of a request to change the members. */
    public interface Reconfigurations {
        Outcome judge(Request.Reconfig request, long zxid);
    }

    private Preparer() {}

    /** Likewise, where members do not change and nobody needs to know which quotas the write passes. */
    public static TxnRecord prepare(Database head, Write write, AclRules acl, long zxid, long timeMillis) {
        return prepare(head, write, acl, NONE, overrun -> {}, zxid, timeMillis);
    }

    /**
     * The transaction for a write.
     *
     * @param head       the database after all proposals before this one
     * @param acl        says what the writer may do
     * @param members    judges a request to change the members
     * @param overruns   told of the quotas that it passes
     * @param zxid       which the transaction gets
     * @param timeMillis the leader's wall clock, which znodes show as ctime and mtime
     * @throws WireException if the write is malformed: no transaction comes of it then, not even an error, but for a multi
     */
    public static TxnRecord prepare(
            Database head,
            Write write,
            AclRules acl,
            Reconfigurations members,
            Consumer<Overrun> overruns,
            long zxid,
            long timeMillis) {
        Txn txn = txn(head, write, acl, members, overruns, zxid, timeMillis);
        return new TxnRecord(new TxnHeader(write.sessionId(), write.cxid(), zxid, timeMillis, txn.type()), txn);
    }

    private static Txn txn(
            Database head,
            Write write,
            AclRules acl,
            Reconfigurations members,
            Consumer<Overrun> overruns,
            long zxid,
            long timeMillis) {
        Request request;
        try {
            request = Request.read(write.type(), new Reader(write.body()));
        } catch (WireException e) {
            if (write.type() != OpCode.MULTI || e instanceof NullAclException) throw e;
            return error(ErrorCode.MARSHALLING_ERROR);
        }
        try {
            if (request instanceof Request.Reconfig reconfig) {
                return new WriteRules(head, write, acl, overruns).reconfig(members.judge(reconfig, zxid));
            }
            return txn(head, write, request, acl, overruns, zxid, timeMillis);
        } catch (WireException e) { // a null
            return error(ErrorCode.MARSHALLING_ERROR);
        }
    }

    private static Txn txn(
            Database head,
            Write write,
            Request request,
            AclRules acl,
            Consumer<Overrun> overruns,
            long zxid,
            long timeMillis) {
        var rules = new WriteRules(head, write, acl, overruns);
        return switch (request) {
            case Request.Check check -> error(ErrorCode.UNIMPLEMENTED); // in a multi only
            case Request.WriteOp op -> rules.txn(op);
            case Request.Multi(var ops) -> multi(head, write, acl, overruns, ops, zxid, timeMillis);
            case Request.SetAcl setAcl -> rules.setAcl(setAcl);
            case Request.DeleteContainer delete -> rules.deleteContainer(delete);
            case Request.CreateSession(int timeoutMillis) -> new Txn.CreateSession(timeoutMillis);
            case Request.CloseSession close -> new Txn.CloseSession(head.ephemeralsOf(write.sessionId()));
            default -> error(ErrorCode.UNIMPLEMENTED); // reads, and what concerns one connection: never a transaction
        };
    }

    /** Each operation sees those before it; after the first that is refused, none is looked at. */
    private static Txn multi(
            Database head,
            Write write,
            AclRules acl,
            Consumer<Overrun> overruns,
            List<Request.WriteOp> ops,
            long zxid,
            long timeMillis) {
        var subs = new ArrayList<Txn.Sub>(ops.size());
        Database scratch = head;
        boolean failed = false;
        for (Request.WriteOp op : ops) if (path(op) == null) return error(ErrorCode.MARSHALLING_ERROR);
        for (Request.WriteOp op : ops) {
            if (failed) {
                subs.add(error(ErrorCode.RUNTIME_INCONSISTENCY));
                continue;
            }
            Txn.Sub sub = new WriteRules(scratch, head, write, acl, overruns).txn(asInMulti(op));
            subs.add(sub);
            failed = sub instanceof Txn.Error;
            var header = new TxnHeader(write.sessionId(), write.cxid(), zxid, timeMillis, sub.type());
            scratch = scratch.apply(header, sub).after();
        }
        return new Txn.Multi(subs);
    }

    private static @Nullable String path(Request.WriteOp op) {
        return switch (op) {
            case Request.Create create -> create.path();
            case Request.Create2 create -> create.path();
            case Request.CreateContainer create -> create.path();
            case Request.CreateTtl create -> create.path();
            case Request.Delete delete -> delete.path();
            case Request.SetData set -> set.path();
            case Request.Check check -> check.path();
        };
    }

    /** In a multi the flags decide what a create is, not its type. */
    private static Request.WriteOp asInMulti(Request.WriteOp op) {
        return switch (op) {
            case Request.Create(var path, var data, var acl, int flags)
            when flags == CONTAINER_FLAG -> new Request.CreateContainer(path, data, acl, flags);
            case Request.Create2(var path, var data, var acl, int flags)
            when flags == CONTAINER_FLAG -> new Request.CreateContainer(path, data, acl, flags);
            case Request.CreateTtl(var path, var data, var acl, int flags, long ttlMillis)
            when isNotTtl(flags) -> asInMulti(new Request.Create(path, data, acl, flags));
            default -> op;
        };
    }

    private static boolean isNotTtl(int flags) {
        return flags <= CONTAINER_FLAG || flags > CONTAINER_FLAG + 2;
    }

    static Txn.Error error(ErrorCode code) {
        return new Txn.Error(code.code());
    }
}
