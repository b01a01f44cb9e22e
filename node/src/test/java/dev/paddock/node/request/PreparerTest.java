package dev.paddock.node.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.tree.Applied;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Outcome;
import dev.paddock.node.tree.Owner;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.node.tree.Znode;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Request;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a running Apache cannot show, or shows only by chance: the order of refusals, ends of counters, sessions. */
class PreparerTest {
    private static final long SESSION = 0x42;
    private static final Znode.Stored ZEROS = new Znode.Stored(0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final List<Acl> NOBODY = List.of(new Acl(Perms.ALL, new Id("digest", "somebody:else")));
    private static final List<Acl> READ_ONLY = Acl.READ_UNSAFE;
    private static final List<Acl> OPEN = Acl.OPEN_UNSAFE;
    private static final List<Acl> NO_LEGAL_ACL = List.of();

    private final Database database = Database.loader()
            .session(SESSION, 4000)
            .znode("", null, OPEN, ZEROS)
            .znode("/closed", null, NOBODY, ZEROS)
            .znode("/closed/child", null, OPEN, ZEROS)
            .znode("/ephemeral", null, OPEN, owned(SESSION))
            .znode("/box", null, OPEN, owned(Owner.CONTAINER_MARK))
            .znode("/open", null, OPEN, ZEROS)
            .znode("/open/child", null, READ_ONLY, ZEROS)
            .build(100);

    private static Znode.Stored owned(long owner) {
        return new Znode.Stored(0, 0, 0, 0, 0, 0, 0, owner, 0);
    }

    private static TxnRecord prepared(Database head, long session, Request request) {
        var body = new Writer(64);
        request.write(body);
        var write = new Write(session, 3, request.opCode(), body.toByteArray(), List.of(new Id("ip", "127.0.0.1")));
        TxnRecord record = Preparer.prepare(head, write, AclRules.byDefault(), 101, 55);
        assertThat(TxnRecord.parse(record.toBytes())).isEqualTo(record);
        assertThat(record.header())
                .isEqualTo(new TxnHeader(session, 3, 101, 55, record.txn().type()));
        return record;
    }

    private Txn txn(Request request) {
        return prepared(database, SESSION, request).txn();
    }

    private void assertRefused(ErrorCode error, Request request) {
        assertThat(txn(request)).as(request.toString()).isEqualTo(new Txn.Error(error.code()));
    }

    /** Each line has all the faults of those below it, so the one named comes first. */
    @Test
    void refusesCreateInOrder() {
        Database none = Database.empty(); // has no session
        var worst = new Request.Create("closed", null, NO_LEGAL_ACL, 9);
        assertThat(prepared(none, SESSION, worst).txn()).isEqualTo(new Txn.Error(ErrorCode.BAD_ARGUMENTS.code()));
        var ttl = new Request.Create("closed", null, NO_LEGAL_ACL, 5);
        assertThat(prepared(none, SESSION, ttl).txn()).isEqualTo(new Txn.Error(ErrorCode.UNIMPLEMENTED.code()));
        var plain = new Request.Create("closed", null, NO_LEGAL_ACL, 1);
        assertThat(prepared(none, SESSION, plain).txn()).isEqualTo(new Txn.Error(ErrorCode.SESSION_EXPIRED.code()));
        assertRefused(ErrorCode.BAD_ARGUMENTS, new Request.Create("closed", null, NO_LEGAL_ACL, 1));
        assertRefused(ErrorCode.INVALID_ACL, new Request.Create("/missing/.", null, NO_LEGAL_ACL, 1));
        assertRefused(ErrorCode.NO_NODE, new Request.Create("/missing/.", null, OPEN, 1));
        assertRefused(ErrorCode.NO_AUTH, new Request.Create("/closed/.", null, OPEN, 1));
        assertRefused(ErrorCode.BAD_ARGUMENTS, new Request.Create("/open/.", null, OPEN, 1));
        assertRefused(ErrorCode.NODE_EXISTS, new Request.Create("/open/child", null, OPEN, 1));
        assertRefused(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS, new Request.Create("/ephemeral/x", null, OPEN, 1));
    }

    @Test
    void refusesDeleteInOrder() {
        assertRefused(ErrorCode.BAD_ARGUMENTS, new Request.Delete("/", 7));
        assertRefused(ErrorCode.NO_NODE, new Request.Delete("/missing/x", 7));
        assertRefused(ErrorCode.NO_AUTH, new Request.Delete("/closed/x", 7)); // nor told that it does not exist
        assertRefused(ErrorCode.NO_AUTH, new Request.Delete("/closed/child", 7));
        assertRefused(ErrorCode.NO_NODE, new Request.Delete("/open/x", 7));
        assertRefused(ErrorCode.BAD_VERSION, new Request.Delete("/open", 7));
        assertRefused(ErrorCode.NOT_EMPTY, new Request.Delete("/open", 0));
        assertThat(txn(new Request.Delete("/open/child", 0))).isEqualTo(new Txn.Delete("/open/child"));
    }

    @Test
    void refusesSetDataAndSetAclInOrder() {
        assertRefused(ErrorCode.BAD_ARGUMENTS, new Request.SetData("/closed/", null, 7));
        assertRefused(ErrorCode.NO_NODE, new Request.SetData("/missing", null, 7));
        assertRefused(ErrorCode.NO_AUTH, new Request.SetData("/open/child", null, 7));
        assertRefused(ErrorCode.BAD_VERSION, new Request.SetData("/open", null, 7));
        assertRefused(ErrorCode.BAD_ARGUMENTS, new Request.SetAcl("/closed/", NO_LEGAL_ACL, 7));
        assertRefused(ErrorCode.INVALID_ACL, new Request.SetAcl("/missing", NO_LEGAL_ACL, 7));
        assertRefused(ErrorCode.NO_NODE, new Request.SetAcl("/missing", OPEN, 7));
        assertRefused(ErrorCode.NO_AUTH, new Request.SetAcl("/open/child", OPEN, 7));
        assertRefused(ErrorCode.BAD_VERSION, new Request.SetAcl("/open", OPEN, 7));
        assertThat(txn(new Request.SetAcl("/open", NOBODY, 0))).isEqualTo(new Txn.SetAcl("/open", NOBODY, 1));
    }

    @Test
    void whatIsNoTransactionIsUnimplemented() {
        assertRefused(ErrorCode.UNIMPLEMENTED, new Request.Check("/open", 0));
        assertRefused(ErrorCode.UNIMPLEMENTED, new Request.GetData("/open", false));
        assertRefused(ErrorCode.RECONFIG_DISABLED, new Request.Reconfig("server.4=x", null, null, -1));
        assertRefused(ErrorCode.UNIMPLEMENTED, new Request.CreateTtl("/ttl", null, OPEN, 5, 1000));
    }

    @Test
    void malformedBytesMakeNoTransactionButForAMulti() {
        for (int type : new int[] {OpCode.CREATE, OpCode.SET_ACL, 99, OpCode.NOTIFICATION}) {
            var write = new Write(SESSION, 3, type, new byte[] {0, 0, 0, 9, 1}, List.of());
            assertThatThrownBy(() -> Preparer.prepare(database, write, AclRules.byDefault(), 101, 0))
                    .isInstanceOf(WireException.class);
        }
        var multi = new Write(SESSION, 3, OpCode.MULTI, new byte[] {0, 0, 0, 9, 1}, List.of());
        assertThat(Preparer.prepare(database, multi, AclRules.byDefault(), 101, 0)
                        .txn())
                .isEqualTo(new Txn.Error(ErrorCode.MARSHALLING_ERROR.code()));
    }

    /** As Apache stumbles over them: by the null itself, or by the rule that the null breaks. */
    @Test
    void nullsAreRefusedWhereTheyAreLookedAt() {
        assertRefused(ErrorCode.MARSHALLING_ERROR, new Request.Create(null, null, OPEN, 0));
        assertRefused(ErrorCode.MARSHALLING_ERROR, new Request.Delete(null, -1));
        assertRefused(ErrorCode.BAD_ARGUMENTS, new Request.SetData(null, null, -1));
        assertRefused(ErrorCode.BAD_ARGUMENTS, new Request.SetAcl(null, OPEN, -1));
        assertRefused(ErrorCode.INVALID_ACL, new Request.Create("/x", null, null, 0));
        assertRefused(ErrorCode.MARSHALLING_ERROR, new Request.Multi(List.of(new Request.Check(null, -1))));
    }

    @Test
    void anAclWithNullsIsRefusedWhereTheyAreLookedAt() {
        Acl all = new Acl(31, Id.ANYONE);
        assertRefused(ErrorCode.INVALID_ACL, create(new Acl(31, new Id(null, null))));
        assertRefused(ErrorCode.INVALID_ACL, create(new Acl(31, new Id("unheard of", null))));
        assertRefused(ErrorCode.MARSHALLING_ERROR, create(new Acl(31, new Id("digest", null))));
        assertRefused(
                ErrorCode.MARSHALLING_ERROR, create(all, new Acl(31, new Id(null, "x")))); // compared with the first
        assertRefused(ErrorCode.INVALID_ACL, create(all, new Acl(30, new Id(null, "x"))));
        assertRefused(ErrorCode.INVALID_ACL, create(new Acl(31, new Id("auth", null)))); // nothing proved
    }

    private static Request create(Acl... acl) {
        return new Request.Create("/x", null, List.of(acl), 0);
    }

    @Test
    void aMultiWithoutAnAclMakesNoTransaction() {
        var body = new Writer(64);
        new Request.Multi(List.of(new Request.Create("/x", null, null, 0))).write(body);
        var write = new Write(SESSION, 3, OpCode.MULTI, body.toByteArray(), List.of());
        assertThatThrownBy(() -> Preparer.prepare(database, write, AclRules.byDefault(), 101, 0))
                .isInstanceOf(WireException.class);
    }

    @Test
    void aClosedSessionWritesNoMore() {
        TxnRecord close = prepared(database, SESSION, new Request.CloseSession());
        assertThat(close.txn()).isEqualTo(new Txn.CloseSession(List.of("/ephemeral")));
        Applied applied = database.apply(close);
        assertThat(applied.outcome()).isEqualTo(new Outcome.SessionClosed());
        assertThat(applied.after().find("/ephemeral")).isNull();
        var expired = new Txn.Error(ErrorCode.SESSION_EXPIRED.code());
        for (Request request : List.of(
                new Request.Create("/x", null, OPEN, 0),
                new Request.Delete("/open/child", -1),
                new Request.SetData("/open", null, -1),
                new Request.SetAcl("/open", OPEN, -1))) {
            assertThat(prepared(applied.after(), SESSION, request).txn()).isEqualTo(expired);
        }
        Txn multi = prepared(applied.after(), SESSION, new Request.Multi(List.of(new Request.Check("/open", -1))))
                .txn();
        assertThat(multi).isEqualTo(new Txn.Multi(List.of(expired)));
    }

    @Test
    void sessionsAreTransactions() {
        TxnRecord open = prepared(database, 7, new Request.CreateSession(5000));
        assertThat(open.txn()).isEqualTo(new Txn.CreateSession(5000));
        assertThat(database.apply(open).after().sessionTimeoutMillis(7)).isEqualTo(5000);
        assertThat(prepared(database, 99, new Request.CloseSession()).txn()).isEqualTo(new Txn.CloseSession(List.of()));
    }

    @Test
    void aMultiSeesItsOwnOperations() {
        var request = new Request.Multi(List.of(
                new Request.Create("/open/n", null, OPEN, 2),
                new Request.Create2("/open/n", null, OPEN, 3),
                new Request.SetData("/open/n0000000000", new byte[] {1}, 0),
                new Request.Check("/open/n0000000000", 1),
                new Request.Delete("/open/n0000000000", 1)));
        assertThat(txn(request))
                .isEqualTo(new Txn.Multi(List.of(
                        new Txn.Create("/open/n0000000000", null, OPEN, false, 1),
                        new Txn.Create2("/open/n0000000001", null, OPEN, true, 2),
                        new Txn.SetData("/open/n0000000000", new byte[] {1}, 1),
                        new Txn.Check("/open/n0000000000", 2),
                        new Txn.Delete("/open/n0000000000"))));
    }

    @Test
    void aMultiThatFailsChangesNothing() {
        TxnRecord record = prepared(
                database,
                SESSION,
                new Request.Multi(List.of(
                        new Request.Create("/new", null, OPEN, 0),
                        new Request.Delete("/missing", -1),
                        new Request.Delete("/open/child", -1))));
        Applied applied = database.apply(record);
        assertThat(applied.outcome())
                .isEqualTo(new Outcome.Multi(
                        List.of(new Outcome.Failed(0), new Outcome.Failed(-101), new Outcome.Failed(-2))));
        assertThat(applied.changes()).isEmpty();
        assertThat(applied.after().lastZxid()).isEqualTo(101);
        assertThat(applied.after().root()).isSameAs(database.root());
    }

    /** Museum M25: version -1 means any, so no znode gets it; numbers of sequential znodes are never used twice. */
    @Test
    void countersEndWell() {
        Database worn = Database.loader()
                .session(SESSION, 4000)
                .znode("", null, OPEN, ZEROS)
                .znode("/max", null, OPEN, versions(Integer.MAX_VALUE))
                .znode("/before", null, OPEN, versions(-2))
                .znode("/last", null, OPEN, versions(Integer.MAX_VALUE - 1))
                .build(100);
        assertThat(prepared(worn, SESSION, new Request.SetData("/max", null, Integer.MAX_VALUE))
                        .txn())
                .isEqualTo(new Txn.SetData("/max", null, Integer.MIN_VALUE));
        assertThat(prepared(worn, SESSION, new Request.SetData("/before", null, -2))
                        .txn())
                .isEqualTo(new Txn.SetData("/before", null, 0));
        assertThat(prepared(worn, SESSION, new Request.SetAcl("/before", OPEN, -2))
                        .txn())
                .isEqualTo(new Txn.SetAcl("/before", OPEN, 0));
        TxnRecord last = prepared(worn, SESSION, new Request.Create("/last/n", null, OPEN, 2));
        assertThat(last.txn()).isEqualTo(new Txn.Create("/last/n2147483646", null, OPEN, false, Integer.MAX_VALUE));
        worn = worn.apply(last).after();
        assertThat(prepared(worn, SESSION, new Request.Create("/last/n", null, OPEN, 2))
                        .txn())
                .isEqualTo(new Txn.Error(ErrorCode.BAD_ARGUMENTS.code()));
        TxnRecord named = prepared(worn, SESSION, new Request.Create("/last/named", null, OPEN, 0));
        assertThat(worn.apply(named).after().find("/last").cversion()).isEqualTo(Integer.MAX_VALUE);
    }

    private static Znode.Stored versions(int version) {
        return new Znode.Stored(0, 0, 0, 0, version, version, version, 0, 0);
    }

    @Test
    void onlyContainersAndTtlZnodesAreSwept() {
        var leader = 0L;
        assertThat(prepared(database, leader, new Request.DeleteContainer("/box"))
                        .txn())
                .isEqualTo(new Txn.DeleteContainer("/box"));
        assertThat(prepared(database, leader, new Request.DeleteContainer("/open/child"))
                        .txn())
                .isEqualTo(new Txn.Error(ErrorCode.BAD_VERSION.code()));
        assertRefused(ErrorCode.BAD_ARGUMENTS, new Request.DeleteContainer("/zookeeper"));
        assertRefused(ErrorCode.BAD_VERSION, new Request.DeleteContainer("/ephemeral"));
        assertThat(txn(new Request.DeleteContainer("/open/child"))).isEqualTo(new Txn.DeleteContainer("/open/child"));
        assertRefused(ErrorCode.NOT_EMPTY, new Request.DeleteContainer("/open"));
        assertRefused(ErrorCode.NO_AUTH, new Request.DeleteContainer("/closed/child"));
        assertRefused(ErrorCode.NO_NODE, new Request.DeleteContainer("/missing"));
    }

    @Test
    void ttlZnodesAreThereOnceEnabled() {
        Database extended = Database.loader(TreeRules.EXTENDED)
                .session(SESSION, 4000)
                .znode("", null, OPEN, ZEROS)
                .build(1);
        assertThat(prepared(extended, SESSION, new Request.CreateTtl("/t", null, OPEN, 6, 1000))
                        .txn())
                .isEqualTo(new Txn.CreateTtl("/t0000000000", null, OPEN, 1, 1000));
        for (long ttl : new long[] {0, -1, 1L << 40}) {
            assertThat(prepared(extended, SESSION, new Request.CreateTtl("/t", null, OPEN, 5, ttl))
                            .txn())
                    .isEqualTo(new Txn.Error(ErrorCode.BAD_ARGUMENTS.code()));
        }
        assertThat(prepared(extended, SESSION, new Request.CreateTtl("/t", null, OPEN, 0, 1000))
                        .txn())
                .isEqualTo(new Txn.Error(ErrorCode.BAD_ARGUMENTS.code()));
    }

    /** The last reason against a create, and before the version of a setData; a multi is charged as if alone. */
    @Test
    void refusesWhatAHardQuotaDoesNotAllow() {
        Database free = limited(TreeRules.DEFAULT);
        Database enforced = limited(new TreeRules(true, false, false, true));
        Request more = new Request.Create("/q/more", new byte[1], OPEN, 0);
        Request longer = new Request.SetData("/q", new byte[3], 77);
        assertThat(prepared(free, SESSION, more).txn()).isInstanceOf(Txn.Create.class);
        assertThat(prepared(enforced, SESSION, more).txn()).isEqualTo(new Txn.Error(-125));
        assertThat(prepared(enforced, SESSION, longer).txn()).isEqualTo(new Txn.Error(-125));
        assertThat(prepared(enforced, SESSION, new Request.SetData("/q", new byte[2], -1))
                        .txn())
                .isInstanceOf(Txn.SetData.class);
        assertThat(prepared(enforced, SESSION, new Request.Create("/q", null, OPEN, 0))
                        .txn())
                .isEqualTo(new Txn.Error(ErrorCode.NODE_EXISTS.code()));
        assertThat(prepared(enforced, SESSION, new Request.Create("/other", null, OPEN, 0))
                        .txn())
                .isInstanceOf(Txn.Create.class);
    }

    private static Database limited(TreeRules rules) {
        byte[] limits = "count=-1,bytes=-1=;byteHardLimit=2;countHardLimit=1".getBytes(StandardCharsets.UTF_8);
        return Database.loader(rules)
                .session(SESSION, 4000)
                .znode("", null, OPEN, ZEROS)
                .znode("/q", null, OPEN, ZEROS)
                .znode("/zookeeper", null, OPEN, ZEROS)
                .znode("/zookeeper/quota", null, OPEN, ZEROS)
                .znode("/zookeeper/quota/q", null, OPEN, ZEROS)
                .znode("/zookeeper/quota/q/zookeeper_limits", limits, OPEN, ZEROS)
                .znode("/zookeeper/quota/q/zookeeper_stats", null, OPEN, ZEROS)
                .build(100);
    }
}
