package dev.paddock.e2e.differential;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Request;
import dev.paddock.wire.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where Paddock answers other than Apache ZooKeeper 3.9.5, on purpose. Random streams keep away from these; each has a stream of
 * its own that shows it, so that one which is no more is noticed.
 */
final class KnownDifferences {
    private static final String FOLDER = Generator.FOLDER;
    private static final String CLOSED = FOLDER + "/closed";
    private static final Step.Hello HELLO = new Step.Hello(0, 0, 100_000, Step.Password.RIGHT, 0);
    private static final int ACL_ENTRIES = 1_001;
    private static final int BIG = 1_000_000;

    /**
     * One of them.
     *
     * @param name    as in docs/compatibility.md
     * @param apache  what Apache's answer has in it where the two part
     * @param paddock what ours has
     */
    record Known(String name, List<Step> stream, String apache, String paddock) {
        @Override
        public String toString() {
            return name;
        }
    }

    private KnownDifferences() {}

    static List<Known> all() {
        return List.of(
                new Known(
                        "a wrong password leaves the session alone",
                        List.of(
                                connect(0, Step.Connect.NEW, Step.Password.RIGHT),
                                connect(1, 0, Step.Password.WRONG, true)),
                        "closed",
                        "reply xid 0 zxid 1 OK"),
                new Known(
                        "createSession is no request of clients",
                        List.of(first(), burst(new Ask(1, OpCode.CREATE_SESSION, new byte[] {0, 0, 0, 10}))),
                        "createSession",
                        "UNIMPLEMENTED"),
                new Known(
                        "deleteContainer needs the permission of a delete",
                        List.of(
                                first(),
                                burst(
                                        ask(new Request.Create(CLOSED, null, readable(), 0)),
                                        ask(new Request.Create(CLOSED + "x", null, Acl.OPEN_UNSAFE, 0)),
                                        ask(new Request.SetAcl(FOLDER, readable(), -1))),
                                burst(ask(new Request.DeleteContainer(CLOSED)))),
                        "OK",
                        "NO_AUTH"),
                new Known(
                        "an ACL has 1000 entries at most",
                        List.of(first(), burst(ask(new Request.Create(CLOSED, null, longAcl(), 0)))),
                        "OK Create",
                        "INVALID_ACL"),
                new Known(
                        "a multiRead is answered up to 16 MiB",
                        List.of(
                                first(),
                                burst(ask(new Request.Create(CLOSED, new byte[BIG], Acl.OPEN_UNSAFE, 0))),
                                burst(ask(new Request.MultiRead(
                                        Collections.nCopies(18, new Request.GetData(CLOSED, false)))))),
                        "OK Multi",
                        "BAD_ARGUMENTS"),
                new Known(
                        "text is UTF-8 beyond the basic plane too",
                        List.of(first(), burst(ask(new Request.Sync("/\ud83e\udd93")))),
                        "\\ufffd",
                        "\\u1f993"));
    }

    private static Step first() {
        return connect(0, Step.Connect.NEW, Step.Password.RIGHT);
    }

    private static Step connect(int slot, int session, Step.Password password) {
        return connect(slot, session, password, false);
    }

    private static Step connect(int slot, int session, Step.Password password, boolean evenIfConnected) {
        return new Step.Connect(slot, 0, session, HELLO.withPassword(password), evenIfConnected);
    }

    private static Step burst(Ask... asks) {
        return new Step.Burst(0, List.of(asks));
    }

    private static Ask ask(Request request) {
        var body = new Writer(64);
        request.write(body);
        return new Ask(1, request.opCode(), body.toByteArray());
    }

    private static List<Acl> readable() {
        return List.of(new Acl(Perms.READ | Perms.CREATE, Id.ANYONE));
    }

    private static List<Acl> longAcl() {
        List<Acl> acl = new ArrayList<>();
        for (int i = 0; i < ACL_ENTRIES; i++) acl.add(new Acl(Perms.ALL, new Id("digest", "user" + i + ":x")));
        return acl;
    }
}
