package dev.paddock.node.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Txn;
import dev.paddock.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order in which one loop's clients hear of things. */
class FrontendTest {
    private final Rig rig = new Rig();
    private final FakeClient client = rig.client();

    @Test
    void readsAreAnsweredAtOnce() {
        client.request(1, new Request.GetChildren("/zookeeper", false));
        client.request(2, new Request.Exists("/nowhere", false));
        var got = client.got();
        assertThat(got).extracting(FakeClient.Got::xid).containsExactly(1, 2);
        assertThat(((Response.GetChildren) got.get(0).as(OpCode.GET_CHILDREN)).children())
                .containsExactlyInAnyOrder("config", "quota");
        assertThat(got.get(1).err()).isEqualTo(ErrorCode.NO_NODE.code());
        assertThat(rig.submissions).isEmpty();
    }

    @Test
    void aReadWaitsForTheWriteBeforeIt() {
        client.request(1, Rig.create("/a"));
        client.request(2, new Request.GetData("/a", false));
        client.request(-2, ping());
        assertThat(client.order()).isEmpty();
        rig.commitNext();
        var got = client.got();
        assertThat(got).extracting(FakeClient.Got::xid).containsExactly(1, 2, -2);
        assertThat(got).extracting(FakeClient.Got::err).containsOnly(0);
        assertThat(got).extracting(FakeClient.Got::zxid).containsOnly(rig.head.lastZxid());
    }

    private static Request ping() {
        return new Request.Ping();
    }

    @Test
    void aReadDoesNotWaitForTheWriteOfAnother() {
        rig.client().request(1, Rig.create("/a"));
        client.request(1, new Request.Exists("/a", false));
        assertThat(client.order()).containsExactly("1");
    }

    @Test
    void writesArePipelinedAndReadsSeeTheStateBetweenThem() {
        client.request(1, Rig.create("/a"));
        client.request(2, Rig.set("/a", "x"));
        client.request(3, new Request.GetData("/a", false));
        client.request(4, Rig.set("/a", "y"));
        client.request(5, new Request.GetData("/a", false));
        assertThat(rig.submissions).hasSize(3);
        rig.commitAll();
        var got = client.got();
        assertThat(got).extracting(FakeClient.Got::xid).containsExactly(1, 2, 3, 4, 5);
        assertThat(data(got.get(2))).isEqualTo("x");
        assertThat(data(got.get(4))).isEqualTo("y");
        assertThat(got).extracting(FakeClient.Got::zxid).containsExactly(1L, 2L, 2L, 3L, 3L);
    }

    private static String data(FakeClient.Got got) {
        byte[] data = ((Response.GetData) got.as(OpCode.GET_DATA)).data();
        return data == null ? "null" : new String(data, StandardCharsets.UTF_8);
    }

    @Test
    void aRefusedWriteIsAnsweredWithItsErrorAndItsZxid() {
        client.request(1, Rig.set("/nowhere", "x"));
        rig.commitNext();
        var got = client.got();
        assertThat(got.getFirst().err()).isEqualTo(ErrorCode.NO_NODE.code());
        assertThat(got.getFirst().zxid()).isEqualTo(1);
        assertThat(got.getFirst().body()).isEmpty();
    }

    @Test
    void whatBecameNoTransactionIsAnsweredInItsTurn() {
        client.request(1, Rig.create("/a"));
        client.request(2, Rig.create("/b"));
        rig.deliver(new Delivery.Refused(client.connection.id, 0x100, 2, ErrorCode.SESSION_EXPIRED));
        assertThat(client.order()).isEmpty();
        rig.commitNext();
        assertThat(client.got())
                .extracting(g -> g.xid() + ":" + g.err())
                .containsExactly("1:0", "2:" + ErrorCode.SESSION_EXPIRED.code());
    }

    @Test
    void aSyncAnswersWithItsPathInItsTurn() {
        client.request(1, Rig.create("/a"));
        client.request(2, new Request.Sync("/a"));
        client.request(3, new Request.Exists("/a", false));
        rig.commitNext();
        assertThat(client.order()).containsExactly("1");
        rig.commitNext();
        var got = client.got();
        assertThat(got).extracting(FakeClient.Got::xid).containsExactly(2, 3);
        assertThat(got.getFirst().as(OpCode.SYNC)).isEqualTo(new Response.Sync("/a"));
        client.frame(header(4, OpCode.SYNC)); // without a path
        assertThat(client.got().getFirst().err()).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
    }

    @Test
    void aSyncAnswersWithItsPathAndNoMore() {
        var w = new Writer(32);
        w.writeInt(1);
        w.writeInt(OpCode.SYNC);
        w.writeInt(-1); // null, which is answered too
        w.writeLong(7);
        client.frame(w.toByteArray());
        rig.commitNext();
        assertThat(client.got().getFirst().body()).isEqualTo(new byte[] {-1, -1, -1, -1});
    }

    @Test
    void aPingIsAnsweredByTheXidOfPings() {
        client.request(5, new Request.Ping());
        assertThat(client.got()).extracting(FakeClient.Got::xid).containsExactly(-2);
    }

    @Test
    void watchesAreSetUpToTheNullThatIsRefused() {
        client.request(1, new Request.SetWatches(1, List.of("/gone"), null, List.of("/gone")));
        assertThat(client.got())
                .extracting(g -> g.xid() + ":" + g.err())
                .containsExactly("-1:0", "1:" + ErrorCode.MARSHALLING_ERROR.code());
        client.request(2, new Request.AddWatch(null, 0));
        client.request(3, new Request.RemoveWatches(null, 4));
        client.request(4, new Request.RemoveWatches(null, 4));
        assertThat(client.got())
                .extracting(g -> g.xid() + ":" + g.err())
                .containsExactly("2:0", "3:0", "4:" + ErrorCode.NO_WATCHER.code());
    }

    private static byte[] header(int xid, int type) {
        var w = new Writer(8);
        w.writeInt(xid);
        w.writeInt(type);
        return w.toByteArray();
    }

    @Test
    void anEventComesBeforeTheReplyThatShowsItsChange() {
        rig.createdElsewhere("/a");
        client.request(1, new Request.GetData("/a", true));
        client.request(2, new Request.GetChildren("/", true));
        client.request(3, Rig.create("/b"));
        client.request(4, new Request.GetData("/a", false));
        client.order();
        rig.setElsewhere("/a", "new");
        rig.commitAll();
        assertThat(client.order()).containsExactly("event 3 /a", "event 4 /", "3", "4");
        rig.setElsewhere("/a", "newer");
        assertThat(client.order()).isEmpty();
    }

    @Test
    void aReadThatWaitedSetsItsWatchWhenItIsAnswered() {
        client.request(1, Rig.create("/a"));
        client.request(2, new Request.GetData("/a", true));
        client.request(3, Rig.set("/a", "x"));
        rig.commitNext();
        assertThat(client.order()).containsExactly("1", "2");
        rig.commitNext();
        assertThat(client.order()).containsExactly("event 3 /a", "3");
    }

    @Test
    void existsWatchesWhatIsNotThere() {
        client.request(1, new Request.Exists("/later", true));
        rig.createdElsewhere("/later");
        client.request(2, new Request.Exists("/later", true));
        rig.deletedElsewhere("/later");
        assertThat(client.order()).containsExactly("1", "event 1 /later", "2", "event 2 /later");
    }

    @Test
    void whoMayNotReadHearsOfNothing() {
        client.request(1, new Request.Exists("/secret", true));
        var onlyOthers = List.of(new Acl(Perms.ALL, new Id("digest", "other:x")));
        rig.commit(0, 1, new Txn.Create("/secret", new byte[0], onlyOthers, false, 1));
        assertThat(client.order()).containsExactly("1");
    }

    @Test
    void missedChangesFireAtSetWatches() {
        rig.createdElsewhere("/changed");
        rig.createdElsewhere("/same");
        rig.createdElsewhere("/made");
        long seen = rig.head.lastZxid();
        rig.setElsewhere("/changed", "x");
        client.request(
                -8,
                new Request.SetWatches(
                        seen,
                        List.of("/changed", "/same", "/gone"),
                        List.of("/made", "/notyet"),
                        List.of("/same", "/lost")));
        assertThat(client.order())
                .containsExactly("event 3 /changed", "event 2 /gone", "event 1 /made", "event 2 /lost", "-8");
        rig.setElsewhere("/same", "x");
        rig.createdElsewhere("/notyet");
        rig.setElsewhere("/changed", "y");
        assertThat(client.order()).containsExactly("event 3 /same", "event 1 /notyet");
    }

    @Test
    void anUnknownOperationIsAnsweredInItsTurnAndClosesTheConnection() {
        client.request(1, Rig.create("/a"));
        client.frame(header(2, 99));
        assertThat(client.takes).isFalse();
        rig.commitNext();
        assertThat(client.got())
                .extracting(g -> g.xid() + ":" + g.err())
                .containsExactly("1:0", "2:" + ErrorCode.UNIMPLEMENTED.code());
        assertThat(client.closed).isEqualTo(CloseReason.UNIMPLEMENTED);
    }

    @Test
    void aMalformedBodyIsAnErrorAndAMalformedHeaderTheEnd() {
        client.frame(header(1, OpCode.GET_DATA));
        assertThat(client.got().getFirst().err()).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
        assertThat(client.closed).isNull();
        client.frame(new byte[7]);
        assertThat(client.closed).isEqualTo(CloseReason.MALFORMED);
        assertThat(rig.submissions).containsExactly(new Submission.Disconnected(0, client.connection.id, 0x100));
    }

    @Test
    void aClientThatProvesWhoItIsActsAsThatFromThenOn() {
        client.request(-4, new Request.Auth(0, "digest", "me:secret".getBytes(StandardCharsets.UTF_8)));
        assertThat(client.got()).extracting(FakeClient.Got::err).containsExactly(0);
        client.request(1, Rig.create("/a"));
        var submit = (Submission.Submit) rig.submissions.getFirst();
        assertThat(submit.ids())
                .containsExactly(new Id("digest", "me:016djjlksVQS5RgX3M7biBGyYwY="), new Id("ip", "10.0.0.7"));
    }

    @Test
    void whatWaitsIsAskedByWhoTheClientWasWhenItAsked() {
        var onlyMine = List.of(new Acl(Perms.ALL, new Id("digest", "me:016djjlksVQS5RgX3M7biBGyYwY=")));
        rig.commit(0, 1, new Txn.Create("/secret", new byte[0], onlyMine, false, 1));
        client.request(1, Rig.create("/a"));
        client.request(2, new Request.GetData("/secret", false));
        client.request(3, new Request.GetChildren2("/secret", false));
        client.request(4, new Request.WhoAmI());
        client.request(-4, new Request.Auth(0, "digest", "me:secret".getBytes(StandardCharsets.UTF_8)));
        client.request(5, new Request.GetData("/secret", false));
        client.request(6, new Request.WhoAmI());
        rig.commitNext();
        int refused = ErrorCode.NO_AUTH.code();
        var got = client.got();
        assertThat(got)
                .extracting(g -> g.xid() + ":" + g.err())
                .containsExactly("-4:0", "1:0", "2:" + refused, "3:" + refused, "4:0", "5:0", "6:0");
        assertThat(schemes(got.get(4))).containsExactly("ip");
        assertThat(schemes(got.get(6))).containsExactlyInAnyOrder("digest", "ip");
    }

    private static List<String> schemes(FakeClient.Got whoAmI) {
        var answer = (Response.WhoAmI) whoAmI.as(OpCode.WHO_AM_I);
        return answer.clientInfo().stream().map(Id::scheme).toList();
    }

    @Test
    void aMalformedProofClosesTheConnectionWithoutAWord() {
        client.frame(header(-4, OpCode.AUTH));
        assertThat(client.got()).isEmpty();
        assertThat(client.closed).isEqualTo(CloseReason.MALFORMED);
    }

    @Test
    void aFailedProofIsAnsweredAndClosesTheConnection() {
        client.request(-4, new Request.Auth(0, "kerberos", new byte[3]));
        assertThat(client.got()).extracting(FakeClient.Got::err).containsExactly(ErrorCode.AUTH_FAILED.code());
        assertThat(client.closed).isEqualTo(CloseReason.AUTH_FAILED);
    }

    @Test
    void aReadOnlyServerRefusesWritesInTheirTurn() {
        rig.deliver(new Delivery.Serving(rig.head, true));
        client.request(1, Rig.create("/a"));
        assertThat(client.got()).extracting(FakeClient.Got::err).containsExactly(ErrorCode.NOT_READ_ONLY.code());
        assertThat(rig.submissions).isEmpty();
    }

    /** Somebody else's commit may come before the sync is answered, but not the client's own next write. */
    @Test
    void aReadBehindASyncDoesNotSeeTheWriteAfterIt() {
        rig.createdElsewhere("/a");
        client.request(1, new Request.Sync("/a"));
        client.request(2, new Request.GetData("/a", false));
        client.request(3, Rig.set("/a", "later"));
        commitWritesFirst();
        var got = client.got();
        assertThat(got).extracting(FakeClient.Got::xid).containsExactly(1, 2, 3);
        assertThat(data(got.get(1))).isEmpty();
    }

    @Test
    void writesBehindSeveralSyncsAreSubmittedInOrder() {
        client.request(1, new Request.Sync("/"));
        client.request(2, Rig.create("/a"));
        client.request(3, new Request.Sync("/"));
        client.request(4, Rig.set("/a", "x"));
        client.request(5, new Request.GetData("/a", false));
        client.request(6, new Request.CloseSession());
        assertThat(client.order()).isEmpty();
        assertThat(rig.submissions).extracting(FrontendTest::cxid).containsExactly(1, 3); // syncs need not wait
        rig.commitNext();
        assertThat(rig.submissions).extracting(FrontendTest::cxid).containsExactly(3, 2);
        rig.commitNext();
        assertThat(client.order()).containsExactly("1");
        assertThat(rig.submissions).extracting(FrontendTest::cxid).containsExactly(2, 4, 6);
        rig.commitAll();
        assertThat(client.order()).containsExactly("2", "3", "4", "5", "6");
    }

    private static int cxid(Submission submission) {
        return ((Submission.Submit) submission).cxid();
    }

    @Test
    void aSyncIsAnsweredBeforeItsSessionIsClosed() {
        client.request(1, new Request.Sync("/"));
        client.request(2, new Request.CloseSession());
        commitWritesFirst();
        assertThat(client.order()).containsExactly("1", "2");
        assertThat(client.closed).isEqualTo(CloseReason.SESSION_CLOSED);
    }

    @Test
    void whatWaitsForASyncIsNotLostWithItsConnection() {
        client.request(1, new Request.Sync("/"));
        client.request(2, Rig.create("/a"));
        client.request(3, new Request.CloseSession());
        rig.frontend.closed(client.connection);
        var disconnected = rig.submissions.removeLast();
        assertThat(disconnected).isInstanceOf(Submission.Disconnected.class);
        assertThat(rig.submissions).extracting(FrontendTest::cxid).containsExactly(1, 2, 3);
    }

    /** As a follower may hear it, since its leader asks a quorum before it answers a sync. */
    private void commitWritesFirst() {
        var syncs = rig.submissions.stream()
                .filter(s -> s instanceof Submission.Submit submit && submit.type() == OpCode.SYNC)
                .toList();
        rig.submissions.removeAll(syncs);
        rig.commitAll();
        rig.submissions.addAll(syncs);
        rig.commitAll();
    }
}
