package dev.paddock.node.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.Txn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a loop keeps for its clients is bounded, and nothing is lost or overtaken where a bound is met. */
class FrontendBoundsTest {
    private static final int QUEUED_MAX = 10;
    private static final int UNSENT_HIGH = 1_000;
    private static final int UNSENT_MAX = 5_000;
    private static final int ID_BYTES_MAX = 200;
    private static final int WATCH_BYTES_MAX = 10_000;
    private static final int LOOP_WATCH_BYTES_MAX = 15_000;

    private final Rig rig = new Rig(limits(1 << 20, 1 << 20));
    private final FakeClient client = rig.client();

    private static FrontLimits limits(int queuedBytesMax, long loopQueuedBytesMax) {
        return new FrontLimits(
                QUEUED_MAX,
                queuedBytesMax,
                loopQueuedBytesMax,
                UNSENT_HIGH,
                UNSENT_MAX,
                0xfffff,
                16_384,
                9_000,
                3,
                ID_BYTES_MAX,
                WATCH_BYTES_MAX,
                LOOP_WATCH_BYTES_MAX);
    }

    @Test
    void aFullQueueStopsTheReadingUntilHalfOfItIsGone() {
        for (int xid = 1; xid <= QUEUED_MAX; xid++) {
            assertThat(client.takes).isTrue();
            client.request(xid, Rig.create("/n" + xid));
        }
        assertThat(client.takes).isFalse();
        assertThat(client.readingChanges).containsExactly(false);
        for (int i = 0; i < QUEUED_MAX / 2; i++) {
            rig.commitNext();
            assertThat(client.readingChanges).containsExactly(false);
        }
        rig.commitNext();
        assertThat(client.readingChanges).containsExactly(false, true);
        rig.commitAll();
        assertThat(client.order()).hasSize(QUEUED_MAX);
    }

    @Test
    void manyQueuedBytesStopTheReading() {
        var bounded = new Rig(limits(1_000, 1 << 20));
        FakeClient writer = bounded.client();
        writer.request(1, Rig.set("/zookeeper", "x".repeat(2_000))); // one is always taken
        assertThat(writer.takes).isFalse();
        bounded.commitAll();
        assertThat(writer.readingChanges).containsExactly(false, true);
    }

    @Test
    void aFullLoopTakesOneRequestOfEach() {
        var bounded = new Rig(limits(1 << 20, 1_000));
        FakeClient greedy = bounded.client();
        FakeClient modest = bounded.client();
        greedy.request(1, Rig.set("/zookeeper", "x".repeat(2_000)));
        assertThat(greedy.takes).isFalse();
        modest.request(1, new Request.Exists("/", false));
        assertThat(modest.takes).isTrue();
        modest.request(2, Rig.create("/m"));
        assertThat(modest.takes).isFalse();
        bounded.commitAll();
        assertThat(greedy.readingChanges).containsExactly(false, true);
        assertThat(modest.readingChanges).containsExactly(false, true);
        assertThat(modest.order()).containsExactly("1", "2");
    }

    @Test
    void aClientThatTakesNoAnswersIsNotReadFrom() {
        client.unsent = UNSENT_HIGH + 1;
        client.request(1, new Request.Exists("/", false));
        assertThat(client.takes).isFalse();
        client.unsent = UNSENT_HIGH / 4;
        rig.frontend.writable(client.connection, 0);
        assertThat(client.readingChanges).containsExactly(false, true);
    }

    @Test
    void waitingReadsWaitLongerForAClientThatTakesNoAnswers() {
        client.request(1, Rig.create("/a"));
        client.request(2, new Request.Exists("/a", false));
        client.request(3, new Request.Exists("/a", false));
        client.unsent = UNSENT_HIGH + 1;
        rig.commitNext();
        assertThat(client.order()).isEmpty();
        client.unsent = 0;
        rig.frontend.writable(client.connection, 0);
        assertThat(client.order()).containsExactly("1", "2", "3");
    }

    @Test
    void aLateReadDoesNotSeeTheWriteAfterIt() {
        client.request(1, Rig.create("/a"));
        client.request(2, Rig.set("/a", "early"));
        client.request(3, new Request.GetData("/a", true));
        client.request(4, Rig.set("/a", "late"));
        client.unsent = UNSENT_HIGH + 1;
        rig.commitAll();
        client.unsent = 0;
        rig.frontend.writable(client.connection, 0);
        var got = client.got();
        assertThat(got).extracting(FakeClient.Got::xid).containsExactly(1, 2, 3, -1, 4);
        assertThat(new String(got.get(2).body(), 4, 5, StandardCharsets.UTF_8)).isEqualTo("early");
    }

    @Test
    void eventsThatNobodyTakesEndTheConnection() {
        client.request(1, new Request.AddWatch("/", 1));
        client.unsent = UNSENT_MAX + 1;
        rig.createdElsewhere("/a");
        assertThat(client.closed).isEqualTo(CloseReason.SLOW_CLIENT);
        assertThat(rig.submissions).hasSize(1); // Disconnected
        rig.createdElsewhere("/b");
    }

    @Test
    void identitiesAreCounted() {
        for (int i = 0; i < 3; i++) {
            authenticate(client, "me:secret");
        }
        authenticate(client, "you:secret");
        assertThat(client.closed).isNull();
        authenticate(client, "her:secret");
        assertThat(client.closed).isEqualTo(CloseReason.AUTH_FAILED);
    }

    @Test
    void theBytesOfIdentitiesAreCounted() {
        authenticate(client, "a".repeat(100) + ":secret");
        assertThat(client.got().getFirst().err()).isZero();
        FakeClient other = rig.client();
        authenticate(other, "\u00e4".repeat(100) + ":secret");
        assertThat(other.got().getFirst().err()).isEqualTo(ErrorCode.AUTH_FAILED.code());
        assertThat(other.closed).isEqualTo(CloseReason.AUTH_FAILED);
        authenticate(client, "b".repeat(100) + ":secret"); // fits alone, but not with the first
        assertThat(client.closed).isEqualTo(CloseReason.AUTH_FAILED);
    }

    private static void authenticate(FakeClient client, String userAndPassword) {
        client.request(-4, new Request.Auth(0, "digest", userAndPassword.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void watchesOfAConnectionAreCounted() {
        int xid = 0;
        while (client.closed == null && xid < 1_000) {
            client.request(++xid, new Request.Exists("/n" + xid, true));
        }
        assertThat(client.closed).isEqualTo(CloseReason.TOO_MANY_WATCHES);
        assertThat(xid).isBetween(WATCH_BYTES_MAX / 200, WATCH_BYTES_MAX / 100);
        assertThat(client.order()).hasSize(xid); // the last is answered too
        assertThat(rig.submissions).hasSize(1); // Disconnected
        assertThat(rig.frontend.stats().watches()).isZero();
    }

    @Test
    void watchesThatAreSetAgainAreCounted() {
        List<String> paths = IntStream.range(0, 1_000).mapToObj(i -> "/n" + i).toList();
        client.request(-8, new Request.SetWatches(0, List.of(), paths, List.of()));
        assertThat(client.closed).isEqualTo(CloseReason.TOO_MANY_WATCHES);
        FakeClient other = rig.client();
        for (int i = 0; i < 1_000 && other.closed == null; i++) {
            other.request(i, new Request.AddWatch("/n" + i, 0));
        }
        assertThat(other.closed).isEqualTo(CloseReason.TOO_MANY_WATCHES);
    }

    @Test
    void spentWatchesAreNotCounted() {
        rig.createdElsewhere("/n");
        for (int i = 0; i < 1_000; i++) {
            client.request(i, new Request.GetData("/n", true));
            client.request(i, new Request.GetChildren("/n", true));
            rig.setElsewhere("/n", "x");
        }
        assertThat(client.closed).isNull();
    }

    @Test
    void watchesOfALoopAreCounted() {
        for (FakeClient each : List.of(client, rig.client())) {
            for (int i = 0; i < 60 && each.closed == null; i++) {
                each.request(i, new Request.Exists("/" + each.connection.id + "/" + i, true));
            }
        }
        assertThat(client.closed).isNull();
        assertThat(rig.frontend.stats().watches()).isEqualTo(60);
        assertThat(rig.frontend.stats().sessions()).isEqualTo(1);
    }

    @Test
    void watchesOnNoPathAreKeptAsAnyOther() {
        for (String path : List.of("", "//", "/a/", "/a/../b", "/\u0001")) {
            client.request(1, new Request.Exists(path, true));
            client.request(2, new Request.AddWatch(path, 1));
        }
        assertThat(client.got())
                .extracting(FakeClient.Got::err)
                .containsExactly(0, 0, -101, 0, -101, 0, -101, 0, -101, 0);
        assertThat(rig.frontend.stats().watches()).isEqualTo(5);
    }

    @Test
    void aTransactionOfNobodyHereOnlyMovesTheView() {
        rig.commit(0x777, 1, new Txn.Error(-101));
        client.request(1, new Request.Exists("/", false));
        assertThat(client.got().getFirst().zxid()).isEqualTo(1);
    }
}
