package dev.paddock.node.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.Txn;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How sessions come to a loop's connections and leave them. */
class FrontendSessionTest {
    private static final long SECOND = 1_000_000_000;

    private final Rig rig = new Rig();
    private final FakeClient fresh = new FakeClient(rig.frontend);

    @Test
    void aNewSessionIsAskedOfTheCore() {
        fresh.connect(new ConnectRequest(0, 0, 7_000, 0, null, Optional.of(false)));
        assertThat(fresh.takes).isFalse();
        assertThat(rig.submissions).containsExactly(new Submission.OpenSession(0, fresh.connection.id, 7_000));
        rig.deliver(new Delivery.SessionOpened(fresh.connection.id, 0x42, 6_000));
        assertThat(fresh.handshake())
                .isEqualTo(new ConnectResponse(0, 6_000, 0x42, Rig.password(0x42), Optional.of(false)));
        assertThat(fresh.readingChanges).containsExactly(false, true);
    }

    @Test
    void anOldClientGetsNoReadOnlyField() {
        fresh.connect(new ConnectRequest(0, 0, 7_000, 0, new byte[16], Optional.empty()));
        rig.deliver(new Delivery.SessionOpened(fresh.connection.id, 0x42, 6_000));
        assertThat(fresh.handshake().readOnly()).isEmpty();
    }

    @Test
    void whoKnowsThePasswordComesBack() {
        fresh.connect(0x42, Rig.password(0x42));
        assertThat(rig.submissions).containsExactly(new Submission.Reattach(0, fresh.connection.id, 0x42, 30_000));
        rig.deliver(new Delivery.SessionRefused(fresh.connection.id));
        assertRefused(fresh);
    }

    @Test
    void whoDoesNotIsRefusedWithZeros() {
        fresh.connect(0x42, Rig.password(0x43));
        assertRefused(fresh);
        var other = new FakeClient(rig.frontend);
        other.connect(0x42, null);
        assertRefused(other);
        assertThat(rig.submissions).isEmpty();
    }

    private static void assertRefused(FakeClient client) {
        assertThat(client.handshake()).isEqualTo(new ConnectResponse(0, 0, 0, new byte[16], Optional.of(false)));
        assertThat(client.closed).isEqualTo(CloseReason.SESSION_REFUSED);
    }

    @Test
    void aClientThatHasSeenMoreIsClosedWithoutAWord() {
        fresh.connect(new ConnectRequest(0, 1, 7_000, 0, null, Optional.of(false)));
        assertThat(fresh.closed).isEqualTo(CloseReason.CLIENT_AHEAD);
        assertThat(fresh.got()).isEmpty();
        assertThat(rig.submissions).isEmpty();
    }

    @Test
    void aReadOnlyServerTakesOnlyClientsThatAgree() {
        rig.deliver(new Delivery.Serving(rig.head, true));
        fresh.connect(0, null);
        assertThat(fresh.closed).isEqualTo(CloseReason.NOT_READ_ONLY_CLIENT);
        var agreeing = new FakeClient(rig.frontend);
        agreeing.connect(new ConnectRequest(0, 0, 7_000, 0, null, Optional.of(true)));
        rig.deliver(new Delivery.SessionOpened(agreeing.connection.id, 0x42, 6_000));
        assertThat(agreeing.handshake().readOnly()).contains(true);
    }

    @Test
    void nothingButAConnectRequestComesFirst() {
        fresh.request(1, new Request.GetData("/", false));
        assertThat(fresh.closed).isEqualTo(CloseReason.MALFORMED);
    }

    @Test
    void aSessionOpenedForAClientThatIsGoneIsDisconnected() {
        fresh.connect(0, null);
        rig.submissions.clear();
        rig.frontend.closed(fresh.connection);
        rig.deliver(new Delivery.SessionOpened(fresh.connection.id, 0x42, 6_000));
        assertThat(rig.submissions).containsExactly(new Submission.Disconnected(0, fresh.connection.id, 0x42));
    }

    @Test
    void closeSessionIsTheLastThingAnswered() {
        FakeClient client = rig.client();
        client.request(1, Rig.create("/a"));
        client.request(2, new Request.CloseSession());
        client.request(3, new Request.Exists("/", false));
        assertThat(client.takes).isFalse();
        rig.commitAll();
        assertThat(client.order()).containsExactly("1", "2");
        assertThat(client.closed).isEqualTo(CloseReason.SESSION_CLOSED);
        assertThat(rig.submissions).isEmpty();
    }

    @Test
    void anExpiredSessionIsClosedWithoutAWord() {
        FakeClient client = rig.client();
        client.request(0, Rig.create("/a")); // the xid that an expiry's transaction has
        rig.commit(client.connection.sessionId, 0, new Txn.CloseSession(List.of()));
        assertThat(client.closed).isEqualTo(CloseReason.SESSION_EXPIRED);
        assertThat(client.order()).isEmpty();
    }

    @Test
    void aSessionThatMovedLeavesItsConnection() {
        FakeClient old = rig.client();
        long session = old.connection.sessionId;
        fresh.connect(session, Rig.password(session));
        rig.deliver(
                new Delivery.Detach(old.connection.id, session),
                new Delivery.SessionOpened(fresh.connection.id, session, 30_000));
        assertThat(old.closed).isEqualTo(CloseReason.SESSION_MOVED);
        fresh.handshake();
        fresh.request(5, new Request.Exists("/", false));
        assertThat(fresh.order()).containsExactly("5");
        rig.frontend.closed(old.connection);
        assertThat(rig.submissions).hasSize(1); // the Reattach, and no Disconnected of the old connection
    }

    @Test
    void aRequestOfASessionThatMovedClosesItsConnection() {
        FakeClient client = rig.client();
        client.request(1, Rig.create("/a"));
        rig.deliver(
                new Delivery.Refused(client.connection.id, client.connection.sessionId, 1, ErrorCode.SESSION_MOVED));
        assertThat(client.closed).isEqualTo(CloseReason.SESSION_MOVED);
        assertThat(client.got()).isEmpty();
    }

    @Test
    void theWriteOfALostConnectionIsNotAnsweredToAnother() {
        FakeClient old = rig.client();
        long session = old.connection.sessionId;
        old.request(5, Rig.create("/a"));
        rig.frontend.closed(old.connection);
        rig.commitNext();
        rig.submissions.clear();
        fresh.connect(session, Rig.password(session));
        rig.open(fresh, session);
        fresh.request(5, Rig.create("/b"));
        assertThat(fresh.order()).isEmpty();
        rig.commitNext();
        assertThat(fresh.order()).containsExactly("5");
    }

    /** As kazoo does, the client counts its xids from 1 again on its new connection. */
    @Test
    void aLateResultOfTheOldConnectionIsNotAnAnswerOnTheNew() {
        FakeClient client = rig.client();
        client.request(1, new Request.CheckWatches("/", 3));
        client.request(2, Rig.create("/a"));
        client.request(3, Rig.set("/a", "x"));
        client.got();
        rig.commit(client.connection.sessionId, 2, new Txn.SetData("/zookeeper", null, 1)); // of another type
        rig.commit(client.connection.sessionId, 3, new Txn.SetData("/zookeeper", null, 2)); // not the oldest
        rig.commit(client.connection.sessionId, 3, new Txn.Error(ErrorCode.NO_NODE.code()));
        assertThat(client.got()).isEmpty();
        rig.commitAll();
        assertThat(client.got()).extracting(FakeClient.Got::err).containsExactly(0, 0);
    }

    @Test
    void aWriteRefusedSinceTheSessionMovedClosesItsConnection() {
        FakeClient client = rig.client();
        long session = client.connection.sessionId;
        client.request(1, Rig.create("/a"));
        rig.submissions.clear();
        rig.commit(session, 1, new Txn.Error(ErrorCode.SESSION_MOVED.code()));
        assertThat(client.got()).isEmpty();
        assertThat(client.closed).isEqualTo(CloseReason.SESSION_MOVED);
        assertThat(rig.submissions).containsExactly(new Submission.Disconnected(0, client.connection.id, session));
    }

    @Test
    void aMultiRefusedSinceTheSessionMovedClosesItsConnection() {
        FakeClient client = rig.client();
        client.request(1, new Request.Multi(List.of(new Request.Check("/", -1))));
        Txn.Sub moved = new Txn.Error(ErrorCode.SESSION_MOVED.code());
        rig.commit(client.connection.sessionId, 1, new Txn.Multi(List.of(moved)));
        assertThat(client.got()).isEmpty();
        assertThat(client.closed).isEqualTo(CloseReason.SESSION_MOVED);
    }

    /** Events still come; what is asked closes, but for a change, of which the core says whether it is done. */
    @Test
    void aConnectionWhoseSessionHasGoneElsewhereIsClosedWhenItAsks() {
        for (Request asks : List.of(new Request.Exists("/", false), new Request.Ping(), new Request.Sync("/"))) {
            FakeClient client = rig.client();
            long session = client.connection.sessionId;
            rig.deliver(new Delivery.Moved(client.connection.id, session));
            assertThat(client.closed).isNull();
            rig.submissions.clear();
            client.request(7, asks);
            assertThat(client.closed).isEqualTo(CloseReason.SESSION_MOVED);
            assertThat(client.got()).isEmpty();
            assertThat(rig.submissions).containsExactly(new Submission.Disconnected(0, client.connection.id, session));
        }
        FakeClient client = rig.client();
        rig.deliver(new Delivery.Moved(client.connection.id, client.connection.sessionId));
        rig.submissions.clear();
        client.request(8, Rig.create("/a"));
        rig.commitAll();
        assertThat(client.order()).containsExactly("8");
    }

    @Test
    void aWriteRefusedSinceTheSessionMovedHereClosesNothing() {
        FakeClient client = rig.client();
        client.request(1, Rig.create("/a"));
        rig.commit(client.connection.sessionId, 7, new Txn.Error(ErrorCode.SESSION_MOVED.code()));
        assertThat(client.closed).isNull();
        rig.commitAll();
        assertThat(client.order()).containsExactly("1");
    }

    @Test
    void aSyncIsNotAnsweredByAWriteOfTheSameXid() {
        FakeClient client = rig.client();
        client.request(5, new Request.Sync("/"));
        rig.commit(client.connection.sessionId, 5, new Txn.Error(ErrorCode.NO_NODE.code()));
        assertThat(client.got()).isEmpty();
        rig.commitAll();
        assertThat(client.got()).extracting(FakeClient.Got::err).containsExactly(0);
    }

    @Test
    void watchesEndWithTheirConnection() {
        FakeClient client = rig.client();
        client.request(1, new Request.Exists("/a", true));
        assertThat(rig.frontend.stats().watches()).isEqualTo(1);
        rig.frontend.closed(client.connection);
        assertThat(rig.frontend.stats().watches()).isZero();
        rig.createdElsewhere("/a");
    }

    @Test
    void sessionsHeardFromAreReportedOnceATick() {
        FakeClient a = rig.client();
        FakeClient b = rig.client();
        rig.client();
        for (int i = 0; i < 3; i++) {
            b.request(-2, new Request.Ping());
            a.request(-2, new Request.Ping());
        }
        rig.frontend.tick(SECOND);
        var touched = (Submission.Touched) rig.submissions.removeFirst();
        assertThat(touched.sessionIds()).containsExactly(b.connection.sessionId, a.connection.sessionId);
        rig.frontend.tick(2 * SECOND);
        assertThat(rig.submissions).isEmpty();
    }

    @Test
    void whoIsHeardFromAndGoneBeforeTheTickIsReportedToo() {
        FakeClient client = rig.client();
        client.request(-2, new Request.Ping());
        rig.frontend.flush();
        assertThat(client.got()).hasSize(1);
        rig.frontend.closed(client.connection);
        rig.submissions.clear();
        rig.frontend.tick(SECOND);
        var touched = (Submission.Touched) rig.submissions.removeFirst();
        assertThat(touched.sessionIds()).containsExactly(client.connection.sessionId);
    }

    @Test
    void whoSaysNothingIsClosed() {
        var later = new FakeClient(rig.frontend, SECOND);
        rig.client();
        rig.frontend.tick(9 * SECOND);
        assertThat(fresh.closed).isEqualTo(CloseReason.NO_SESSION);
        assertThat(later.closed).isNull();
        rig.frontend.tick(10 * SECOND);
        assertThat(later.closed).isEqualTo(CloseReason.NO_SESSION);
    }

    @Test
    void nobodyIsServedWithoutAView() {
        FakeClient client = rig.client();
        rig.deliver(new Delivery.NotServing(false));
        assertThat(client.closed).isEqualTo(CloseReason.NOT_SERVING);
        assertThat(fresh.closed).isEqualTo(CloseReason.NOT_SERVING);
        var late = new FakeClient(rig.frontend);
        late.connect(0, null);
        assertThat(late.closed).isEqualTo(CloseReason.NOT_SERVING);
        rig.createdElsewhere("/x"); // a leader that takes no clients has this committed
        var later = new FakeClient(rig.frontend);
        later.connect(0, null);
        assertThat(later.closed).isEqualTo(CloseReason.NOT_SERVING);
        assertThat(rig.submissions).isEmpty();
    }

    @Test
    void whoComesWhileALeaderIsLookedForWaitsForIt() {
        FakeClient client = rig.client();
        rig.deliver(new Delivery.NotServing(true));
        assertThat(client.closed).isEqualTo(CloseReason.NOT_SERVING);
        fresh.connect(0, null); // was connected before
        assertThat(rig.submissions).isEmpty();
        rig.frontend.tick(SECOND - 1);
        rig.deliver(new Delivery.Serving(rig.head, false));
        assertThat(fresh.closed).isNull();
        assertThat(rig.submissions).singleElement().isInstanceOf(Submission.OpenSession.class);
        rig.frontend.tick(2 * SECOND); // it waits for its session now
        assertThat(fresh.closed).isNull();
    }

    @Test
    void butNotForLong() {
        rig.deliver(new Delivery.NotServing(true));
        fresh.connect(0, null);
        rig.frontend.tick(SECOND);
        assertThat(fresh.closed).isEqualTo(CloseReason.NOT_SERVING);
        var second = new FakeClient(rig.frontend, SECOND);
        second.connect(0, null);
        rig.deliver(new Delivery.NotServing(false)); // nobody will be served here
        assertThat(second.closed).isEqualTo(CloseReason.NOT_SERVING);
        rig.deliver(new Delivery.Serving(rig.head, false));
        assertThat(rig.submissions).isEmpty();
    }
}
