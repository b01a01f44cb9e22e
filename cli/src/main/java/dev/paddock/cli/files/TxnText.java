package dev.paddock.cli.files;

import dev.paddock.wire.OpCode;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Transactions for people: one line each, or one on all the lines that it takes. */
final class TxnText {
    private static final int SUBS_SHOWN_MAX = 8; // in one line
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private TxnText() {}

    static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis));
    }

    /** {@code TIME session S cxid C zxid Z TYPE PATH SIZE}. */
    static String line(TxnRecord record) {
        TxnHeader header = record.header();
        return time(header.timeMillis()) + " session " + Values.hex(header.sessionId()) + " cxid "
                + Values.hex(header.cxid() & 0xffffffffL) + " zxid " + Values.hex(header.zxid()) + " "
                + brief(record.txn());
    }

    private static String brief(Txn txn) {
        return OpCode.name(txn.type()) + operands(txn);
    }

    private static String operands(Txn txn) {
        return switch (txn) {
            case Txn.Create create -> created(create.path(), create.data(), create.ephemeral() ? " ephemeral" : "");
            case Txn.Create2 create -> created(create.path(), create.data(), create.ephemeral() ? " ephemeral" : "");
            case Txn.CreateContainer create -> created(create.path(), create.data(), "");
            case Txn.CreateTtl create -> created(create.path(), create.data(), " ttl " + create.ttlMillis() + " ms");
            case Txn.Delete delete -> " " + Values.path(delete.path());
            case Txn.DeleteContainer delete -> " " + Values.path(delete.path());
            case Txn.SetData set -> created(set.path(), set.data(), " version " + set.version());
            case Txn.Reconfig set -> created(set.path(), set.data(), " version " + set.version());
            case Txn.SetAcl set -> " " + Values.path(set.path()) + " " + Values.acl(set.acl());
            case Txn.Check check -> " " + Values.path(check.path()) + " version " + check.version();
            case Txn.Error refused -> " " + refusal(refused.err());
            case Txn.CreateSession session -> " timeout " + session.timeoutMillis() + " ms";
            case Txn.CloseSession session -> closed(session.paths());
            case Txn.Multi multi -> multi(multi.txns());
        };
    }

    private static String created(String path, byte @Nullable [] data, String more) {
        return " " + Values.path(path) + " " + Values.size(data) + more;
    }

    private static String closed(@Nullable List<String> paths) {
        return paths == null ? "" : " " + Values.count(paths.size(), "ephemeral");
    }

    private static String multi(List<Txn.Sub> subs) {
        String shown = subs.stream().limit(SUBS_SHOWN_MAX).map(TxnText::brief).collect(Collectors.joining("; "));
        int hidden = subs.size() - SUBS_SHOWN_MAX;
        return " of " + subs.size() + ": " + shown + (hidden > 0 ? "; and " + hidden + " more" : "");
    }

    private static String refusal(int err) {
        return err + " " + Values.error(err);
    }

    /** All that it says, field by field. */
    static void details(TxnRecord record, Lines out) {
        TxnHeader header = record.header();
        out.print("zxid        " + Values.hex(header.zxid()));
        out.print("time        " + time(header.timeMillis()));
        out.print("session     " + Values.hex(header.sessionId()));
        out.print("cxid        " + Values.hex(header.cxid() & 0xffffffffL));
        details(record.txn(), "", out);
        out.print("digest      "
                + record.digest()
                        .map(digest ->
                                digest.treeDigest() + " (version " + digest.version() + ", of the tree after it)")
                        .orElse("none"));
    }

    private static void details(Txn txn, String indent, Lines out) {
        out.print(indent + "type        " + OpCode.name(txn.type()));
        switch (txn) {
            case Txn.Create c -> create(c.path(), c.data(), Values.acl(c.acl()), c.parentCversion(), indent, out);
            case Txn.Create2 c -> create(c.path(), c.data(), Values.acl(c.acl()), c.parentCversion(), indent, out);
            case Txn.CreateContainer c ->
                create(c.path(), c.data(), Values.acl(c.acl()), c.parentCversion(), indent, out);
            case Txn.CreateTtl c -> {
                create(c.path(), c.data(), Values.acl(c.acl()), c.parentCversion(), indent, out);
                out.print(indent + "ttl         " + c.ttlMillis() + " ms");
            }
            case Txn.Delete d -> out.print(indent + "path        " + Values.path(d.path()));
            case Txn.DeleteContainer d -> out.print(indent + "path        " + Values.path(d.path()));
            case Txn.SetData s -> data(s.path(), s.data(), s.version(), indent, out);
            case Txn.Reconfig s -> data(s.path(), s.data(), s.version(), indent, out);
            case Txn.SetAcl s -> {
                out.print(indent + "path        " + Values.path(s.path()));
                out.print(indent + "acl         " + Values.acl(s.acl()));
                out.print(indent + "aversion    " + s.version() + " after it");
            }
            case Txn.Check c ->
                out.print(indent + "path        " + Values.path(c.path()) + " at version " + c.version());
            case Txn.Error e -> out.print(indent + "refused     " + refusal(e.err()));
            case Txn.CreateSession s -> out.print(indent + "timeout     " + s.timeoutMillis() + " ms");
            case Txn.CloseSession s -> ephemerals(s.paths(), indent, out);
            case Txn.Multi m ->
                m.txns().forEach(sub -> {
                    out.print(indent + "-");
                    details(sub, indent + "  ", out);
                });
        }
        if (txn instanceof Txn.Create c) out.print(indent + "ephemeral   " + c.ephemeral());
        if (txn instanceof Txn.Create2 c) out.print(indent + "ephemeral   " + c.ephemeral());
    }

    private static void create(
            String path, byte @Nullable [] data, String acl, int parentCversion, String indent, Lines out) {
        out.print(indent + "path        " + Values.path(path));
        out.print(indent + "data        " + Values.data(data));
        out.print(indent + "acl         " + acl);
        out.print(indent + "cversion    " + parentCversion + " of the parent after it");
    }

    private static void data(String path, byte @Nullable [] data, int version, String indent, Lines out) {
        out.print(indent + "path        " + Values.path(path));
        out.print(indent + "data        " + Values.data(data));
        out.print(indent + "version     " + version + " after it");
    }

    private static void ephemerals(@Nullable List<String> paths, String indent, Lines out) {
        if (paths == null) out.print(indent + "ephemerals  not told: all that the session owns");
        else paths.forEach(path -> out.print(indent + "ephemeral   " + Values.path(path)));
    }
}
