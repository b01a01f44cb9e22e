package dev.paddock.node.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.meter.Tally;
import dev.paddock.node.session.ConnectionThrottling;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bounds that all loops of a server share: who must wait, who is sent away, and that nobody waits for ever. */
class FrontendThrottlingTest {
    private static final long MILLI = 1_000_000;

    private static Throttling throttling(int outstandingMax, int inProcessMax, boolean dropsStale, int waitMillisMax) {
        return throttling(outstandingMax, inProcessMax, dropsStale, true, false, waitMillisMax);
    }

    private static Throttling throttling(
            int outstandingMax,
            int inProcessMax,
            boolean dropsStale,
            boolean ifGone,
            boolean ifLate,
            int waitMillisMax) {
        var sessions = ConnectionThrottling.OFF;
        return new Throttling(
                outstandingMax, inProcessMax, 100, dropsStale, ifGone, ifLate, waitMillisMax, 100, 250, sessions);
    }

    private static Rig rig(Throttling throttling) {
        return new Rig(Rig.LIMITS, ServerLoad.ofOneLoop(throttling));
    }

    private static Request bigWrite(int bytes) {
        return Rig.set("/zookeeper", "x".repeat(bytes));
    }

    private static long tally(Rig rig, Tally tally) {
        return rig.frontend.stats().work().tallies().of(tally);
    }

    @Test
    void overTheOutstandingLimitAConnectionHasOneRequestAtATime() {
        Rig rig = rig(throttling(3, 0, true, 0));
        FakeClient many = rig.client();
        FakeClient late = rig.client();
        for (int xid = 1; xid <= 4; xid++) {
            assertThat(many.takes).isTrue();
            many.request(xid, Rig.create("/m" + xid));
        }
        assertThat(many.takes).isFalse();
        late.request(1, new Request.Exists("/", false));
        assertThat(late.takes).as("what is answered at once is no load").isTrue();
        late.request(2, Rig.create("/l"));
        assertThat(late.takes).isFalse();

        rig.commitNext(); // four left
        assertThat(many.takes).isFalse();
        rig.commitNext();
        assertThat(many.takes).as("below the limit again").isTrue();
        many.request(5, Rig.create("/m5"));
        assertThat(many.takes).isFalse();
        rig.commitAll();
        assertThat(many.takes).isTrue();
        assertThat(late.takes).as("nothing of its own waits").isTrue();
        assertThat(many.order()).containsExactly("1", "2", "3", "4", "5");
        assertThat(late.order()).containsExactly("1", "2");
    }

    @Test
    void whoTakesNoAnswersIsNoLoadForTheOthers() {
        Rig rig = rig(throttling(3, 0, true, 0));
        FakeClient clogged = rig.client();
        for (int xid = 1; xid <= 4; xid++) clogged.request(xid, Rig.create("/c" + xid));
        clogged.unsent = Rig.LIMITS.unsentBytesHigh() + 1L;
        rig.commitAll();
        assertThat(clogged.takes).isFalse();
        FakeClient other = rig.client();
        for (int xid = 1; xid <= 3; xid++) {
            other.request(xid, Rig.create("/o" + xid));
            assertThat(other.takes).isTrue();
        }
        clogged.unsent = 0;
        rig.frontend.writable(clogged.connection, 0);
        assertThat(clogged.order()).containsExactly("1", "2", "3", "4");
        assertThat(clogged.takes).isTrue();
    }

    @Test
    void aConnectionThatIsGoneIsNoLoad() {
        Rig rig = rig(throttling(3, 0, true, 0));
        FakeClient gone = rig.client();
        for (int xid = 1; xid <= 4; xid++) gone.request(xid, Rig.create("/g" + xid));
        rig.frontend.closed(gone.connection);
        rig.submissions.clear();
        FakeClient other = rig.client();
        for (int xid = 1; xid <= 3; xid++) other.request(xid, Rig.create("/o" + xid));
        assertThat(other.takes).isTrue();
    }

    @Test
    void theCoreWorksOnNoMoreThanItMay() {
        Rig rig = rig(throttling(1_000, 2, true, 0));
        FakeClient a = rig.client();
        FakeClient b = rig.client();
        for (int xid = 1; xid <= 3; xid++) a.request(xid, Rig.create("/a" + xid));
        b.request(1, new Request.Exists("/", false));
        b.request(2, Rig.create("/b"));
        b.request(3, new Request.Exists("/b", false));
        assertThat(b.order()).as("a read waits for nobody's writes but its own").containsExactly("1");
        assertThat(rig.submissions).hasSize(2);
        assertThat(tally(rig, Tally.THROTTLE_WAITS)).isEqualTo(2);
        rig.commitNext();
        assertThat(rig.submissions).hasSize(2);
        rig.commitAll();
        assertThat(a.order()).containsExactly("1", "2", "3");
        assertThat(b.order()).containsExactly("2", "3");
    }

    @Test
    void aWriteBehindASyncKeepsItsPlace() {
        Rig rig = rig(throttling(1_000, 1, true, 0));
        FakeClient client = rig.client();
        client.request(1, Rig.create("/a"));
        client.request(2, new Request.Sync("/"));
        client.request(3, Rig.create("/b"));
        client.request(4, new Request.Exists("/b", false));
        client.request(5, new Request.CloseSession());
        for (int left = 4; left > 0; left--) {
            assertThat(rig.submissions).hasSize(1);
            rig.commitNext();
        }
        assertThat(rig.submissions).isEmpty();
        assertThat(client.order()).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void whoWaitedLongerThanItsSessionLastsIsSentAwayIfThatIsStale() {
        Rig patient = rig(throttling(1_000, 1, true, 0));
        patient.client().request(1, Rig.create("/a"));
        FakeClient waiting = patient.client();
        waiting.request(1, Rig.create("/b"));
        patient.frontend.tick(30_001 * MILLI);
        patient.submissions.removeIf(s -> !(s instanceof Submission.Submit));
        patient.commitAll();
        assertThat(waiting.closed).isNull();
        assertThat(waiting.order()).containsExactly("1");

        Rig rig = rig(throttling(1_000, 1, true, true, true, 0));
        FakeClient a = rig.client();
        FakeClient b = rig.client();
        a.request(1, Rig.create("/a"));
        b.request(1, Rig.create("/b1"));
        b.request(2, Rig.create("/b2"));
        rig.frontend.tick(30_000 * MILLI);
        assertThat(b.closed).isNull();
        rig.frontend.tick(30_001 * MILLI);
        assertThat(b.closed).isEqualTo(CloseReason.STALE_REQUEST);
        assertThat(tally(rig, Tally.STALE_DROPPED)).isEqualTo(2);
        rig.submissions.removeIf(s -> !(s instanceof Submission.Submit));
        rig.commitAll();
        assertThat(rig.head.find("/a")).isNotNull();
        assertThat(rig.head.find("/b1")).isNull();
        assertThat(rig.head.find("/b2")).isNull();
    }

    @Test
    void whatAClientAskedThatHasGoneIsDroppedOnlyIfThrottledAndStale() {
        for (int rules = 0; rules < 4; rules++) {
            boolean dropsStale = (rules & 1) != 0;
            boolean ifGone = (rules & 2) != 0;
            Rig rig = rig(throttling(1_000, 1, dropsStale, ifGone, false, 0));
            FakeClient a = rig.client();
            FakeClient b = rig.client();
            a.request(1, Rig.create("/a"));
            b.request(1, Rig.create("/b"));
            rig.frontend.closed(b.connection);
            rig.submissions.removeIf(s -> !(s instanceof Submission.Submit));
            rig.commitAll();
            assertThat(rig.head.find("/b") == null).isEqualTo(dropsStale && ifGone);
            a.request(2, Rig.create("/a2"));
            rig.commitAll();
            assertThat(a.order()).containsExactly("1", "2");
        }
    }

    @Test
    void whoWaitedTooLongBeforeTheCoreIsRefusedInItsTurn() {
        Rig rig = rig(throttling(1_000, 1, true, 50));
        FakeClient a = rig.client();
        FakeClient b = rig.client();
        a.request(1, Rig.create("/a"));
        b.request(1, Rig.create("/b"));
        b.request(2, new Request.Exists("/b", false));
        b.request(3, new Request.CloseSession());
        rig.nowNanos = 51 * MILLI;
        rig.frontend.tick(rig.nowNanos);
        assertThat(b.got()).isEmpty();
        rig.submissions.removeIf(s -> s instanceof Submission.Touched);
        rig.commitAll();
        List<FakeClient.Got> got = b.got();
        assertThat(got).extracting(FakeClient.Got::xid).containsExactly(1, 2, 3);
        assertThat(got)
                .extracting(FakeClient.Got::err)
                .containsExactly(ErrorCode.THROTTLED_OP.code(), ErrorCode.NO_NODE.code(), 0);
        assertThat(tally(rig, Tally.THROTTLED)).isEqualTo(1);
    }

    @Test
    void largeRequestsTogetherHaveABound() {
        Rig rig = rig(throttling(1_000, 0, true, 0));
        FakeClient a = rig.client();
        FakeClient b = rig.client();
        a.request(1, bigWrite(150));
        assertThat(rig.frontend.takesFrame(b.connection, 90)).as("no large one").isTrue();
        b.request(1, bigWrite(50));
        assertThat(b.closed).isNull();
        b.request(2, bigWrite(150));
        assertThat(b.closed).isEqualTo(CloseReason.LARGE_REQUESTS);
        rig.submissions.removeIf(s -> s instanceof Submission.Disconnected);
        rig.commitAll();
        a.request(2, bigWrite(150));
        assertThat(a.closed).as("the first was answered").isNull();
        FakeClient c = rig.client();
        assertThat(rig.frontend.takesFrame(c.connection, 150)).isFalse();
        assertThat(c.closed).isEqualTo(CloseReason.LARGE_REQUESTS);
    }

    @Test
    void sessionsCostTokens() {
        var rules = new ConnectionThrottling(3, 1, 1, -1, 0, 0, 0, 3, 2);
        var throttling = new Throttling(1_000, 0, 100, true, true, false, 0, -1, 0, rules);
        long[] tokens = {0};
        var load = new ServerLoad(throttling, () -> delta -> 0, (need, now) -> (tokens[0] += need) <= 4);
        Rig rig = new Rig(Rig.LIMITS, load);
        rig.client();
        assertThat(tokens[0]).isEqualTo(3);
        FakeClient renews = new FakeClient(rig.frontend);
        renews.connect(7, Rig.password(7));
        assertThat(tokens[0]).isEqualTo(5);
        assertThat(renews.closed).isEqualTo(CloseReason.TOO_MANY_SESSIONS);
        assertThat(rig.submissions).isEmpty();
    }

    @Test
    void answersOverTheLimitAreSentAndNoted() {
        Rig rig = new Rig(Rig.LIMITS.withFrameBytesMax(2_000));
        FakeClient client = rig.client();
        rig.setElsewhere("/zookeeper", "x".repeat(3_000));
        client.request(1, new Request.GetData("/zookeeper", false));
        client.request(2, new Request.GetData("/zookeeper", false));
        client.request(3, new Request.Exists("/zookeeper", false));
        assertThat(client.got()).hasSize(3).allMatch(got -> got.err() == 0);
        assertThat(client.notes).hasSize(1);
        assertThat(client.notes.getFirst())
                .startsWith("answer to " + OpCode.name(OpCode.GET_DATA) + " of 3")
                .contains("jute.maxbuffer=2000");
    }
}
