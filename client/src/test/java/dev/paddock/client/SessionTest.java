package dev.paddock.client;

import static dev.paddock.client.ConnectionState.CLOSED;
import static dev.paddock.client.ConnectionState.CONNECTED;
import static dev.paddock.client.ConnectionState.CONNECTING;
import static dev.paddock.client.ConnectionState.EXPIRED;
import static dev.paddock.client.ConnectionState.RECONNECTED;
import static dev.paddock.client.ConnectionState.SUSPENDED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.Perms;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions and watches across lost links, restarts and their end, against Apache ZooKeeper. */
final class SessionTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final byte[] EMPTY = {};

    @TempDir
    private Path folder;

    private ApacheServer server;
    private final Queue<ConnectionState> states = new ConcurrentLinkedQueue<>();
    private final Queue<WatchEvent> events = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void startServer() {
        server = ApacheServer.start(folder);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void theSessionOutlivesALostLink() throws Exception {
        try (var client = start()) {
            Created mine = client.blocking()
                    .create("/mine", EMPTY, CreateMode.EPHEMERAL)
                    .value();
            Session session = client.session().orElseThrow();
            server.cutConnections();
            await().untilAsserted(
                            () -> assertThat(states).containsExactly(CONNECTING, CONNECTED, SUSPENDED, RECONNECTED));
            assertThat(client.session()).contains(session);
            assertThat(client.blocking().exists("/mine").value()).contains(mine.stat());
        }
        assertThat(states).last().isEqualTo(CLOSED);
    }

    @Test
    void aCutLinkIsReplacedAtOnce() throws Exception {
        Queue<Long> atNanos = new ConcurrentLinkedQueue<>();
        try (var client =
                builder().listener(change -> atNanos.add(change.atNanos())).start()) {
            client.connected().get(30, TimeUnit.SECONDS);
            for (int cuts = 1; cuts <= 5; cuts++) {
                int heard = 2 + 2 * cuts;
                server.cutConnections();
                await().until(() -> atNanos.size() == heard);
            }
        }
        List<Long> times = List.copyOf(atNanos); // connecting, connected, then suspended and reconnected in turn
        List<Long> gaps = new ArrayList<>();
        for (int i = 2; i + 1 < times.size() - 1; i += 2) gaps.add(times.get(i + 1) - times.get(i));
        Collections.sort(gaps);
        assertThat(Duration.ofNanos(gaps.get(2))).as("median").isLessThan(Duration.ofMillis(500));
    }

    @Test
    void callsWaitForTheServerToComeBack() throws Exception {
        try (var client = start()) {
            client.connected().get(30, TimeUnit.SECONDS);
            server.stop();
            await().until(() -> client.state() == SUSPENDED);
            var created = client.create("/waited", EMPTY, CreateMode.PERSISTENT);
            var read = client.exists("/waited");
            server.start();
            assertThat(created.get(30, TimeUnit.SECONDS).value().path()).isEqualTo("/waited");
            assertThat(read.get(30, TimeUnit.SECONDS).value()).isPresent();
        }
    }

    @Test
    void callsThatFindNoServerForASessionTimeoutFailUnsent() throws Exception {
        try (var client = Client.builder("127.0.0.1:1")
                .sessionTimeout(Duration.ofMillis(200))
                .start()) {
            assertThatThrownBy(() -> client.blocking().sync("/"))
                    .isInstanceOfSatisfying(
                            ClientException.ConnectionLoss.class,
                            loss -> assertThat(loss.sent()).isFalse());
        }
    }

    @Test
    void watchesHearWhatChangedWhileTheLinkWasLost() throws Exception {
        try (var client = start()) {
            for (String path : List.of("/data", "/parent", "/gone", "/same", "/parent2")) {
                client.blocking().create(path, EMPTY, CreateMode.PERSISTENT).value();
            }
            client.blocking().getData("/data", events::add).value();
            client.blocking().getChildren("/parent", events::add).value();
            client.blocking().exists("/gone", events::add).value();
            client.blocking().exists("/new", events::add).value();
            client.blocking().getData("/same", events::add).value();
            client.blocking().getChildren("/parent2", events::add).value();
            server.stop();
            server.startElsewhere(SessionTest::change);
            assertThat(events).isEmpty();
            server.start();
            await().untilAsserted(() -> assertThat(events)
                    .extracting(event -> event.kind() + " " + event.path())
                    .containsExactlyInAnyOrder(
                            "DATA_CHANGED /data", "CHILDREN_CHANGED /parent", "DELETED /gone", "CREATED /new"));
            client.blocking().setData("/same", EMPTY, 0).value();
            client.blocking()
                    .create("/parent2/child", EMPTY, CreateMode.PERSISTENT)
                    .value();
            await().untilAsserted(() -> assertThat(events).hasSize(6));
        }
        assertThat(events).noneMatch(event -> event.kind() == WatchEvent.Kind.LOST);
    }

    private static void change(String address) throws Exception {
        try (var other = Client.builder(address).start()) {
            other.blocking().setData("/data", "x".getBytes(UTF_8), 0).value();
            other.blocking()
                    .create("/parent/child", EMPTY, CreateMode.PERSISTENT)
                    .value();
            other.blocking().delete("/gone", 0).value();
            other.blocking().create("/new", EMPTY, CreateMode.PERSISTENT).value();
        }
    }

    @Test
    void aWatchIsHeardOnceAndBeforeTheReplyThatShowsTheChange() throws Exception {
        try (var client = start();
                var other = start()) {
            client.blocking().exists("/w", events::add).value();
            client.blocking().getChildren("/", events::add).value();
            Reply<Created> created = other.blocking().create("/w", EMPTY, CreateMode.PERSISTENT);
            client.blocking().sync("/w").value();
            assertThat(client.blocking().exists("/w").value()).isPresent();
            assertThat(events)
                    .containsExactlyInAnyOrder(
                            new WatchEvent(WatchEvent.Kind.CREATED, "/w", created.zxid()),
                            new WatchEvent(WatchEvent.Kind.CHILDREN_CHANGED, "/", created.zxid()));
            other.blocking().setData("/w", EMPTY, 0).value();
            client.blocking().sync("/w").value();
            assertThat(events).hasSize(2);
        }
    }

    @Test
    void aRemovedWatcherHearsNothing() throws Exception {
        try (var client = start()) {
            Watcher removed = events::add;
            client.blocking().exists("/w", removed).value();
            client.removeWatcher("/w", removed);
            client.blocking().create("/w", EMPTY, CreateMode.PERSISTENT).value();
            client.blocking().sync("/").value();
        }
        assertThat(events).isEmpty();
    }

    @Test
    void anExpiredSessionEndsTheClient() throws Exception {
        try (var client = start()) {
            client.blocking().exists("/w", events::add).value();
            server.expire(client.session().orElseThrow());
            await().until(() -> client.state() == EXPIRED);
            await().untilAsserted(
                            () -> assertThat(events).containsExactly(new WatchEvent(WatchEvent.Kind.LOST, "/w", -1)));
            assertThatThrownBy(() -> client.blocking().exists("/w")).isInstanceOf(ClientException.SessionExpired.class);
            assertThat(client.sessionDeadlineNanos() - System.nanoTime()).isNegative();
        }
        assertThat(states).last().isEqualTo(EXPIRED);
    }

    @Test
    void anotherClientAttachesToTheSessionOfOneThatIsGone() throws Exception {
        var first = start();
        first.blocking().create("/mine", EMPTY, CreateMode.EPHEMERAL).value();
        Session session = first.session().orElseThrow();
        long lastZxid = first.lastZxid();
        first.detach().get(30, TimeUnit.SECONDS);
        assertThat(first.state()).isEqualTo(CLOSED);
        try (var second = Client.builder(server.address())
                .session(session)
                .lastZxid(lastZxid)
                .start()) {
            assertThat(second.connected().get(30, TimeUnit.SECONDS)).isEqualTo(session);
            assertThat(second.blocking().exists("/mine").value().orElseThrow().ephemeralOwner())
                    .isEqualTo(session.id());
        }
        try (var third = start()) {
            assertThat(third.blocking().exists("/mine").value()).isEmpty();
        }
    }

    @Test
    void aSessionThatIsGoneOrNotOursIsExpired() throws Exception {
        var first = start();
        Session session = first.connected().get(30, TimeUnit.SECONDS);
        try (var thief = Client.builder(server.address())
                .session(new Session(session.id(), new byte[16]))
                .start()) {
            await().until(() -> thief.state() == EXPIRED);
            assertThat(thief.connected())
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(ClientException.SessionExpired.class);
        }
        first.close();
        try (var late = Client.builder(server.address()).session(session).start()) {
            await().until(() -> late.state() == EXPIRED);
        }
    }

    @Test
    void theDeadlineMovesWhileTheLinkIsHealthyAndStopsWhenItIsNot() throws Exception {
        Duration timeout = Duration.ofSeconds(6);
        try (var client =
                Client.builder(server.address()).sessionTimeout(timeout).start()) {
            client.connected().get(30, TimeUnit.SECONDS);
            assertThat(client.sessionTimeout()).isEqualTo(timeout);
            long first = client.sessionDeadlineNanos();
            assertThat(first - System.nanoTime()).isPositive().isLessThanOrEqualTo(timeout.toNanos());
            await().atMost(timeout.multipliedBy(5))
                    .until(() -> client.sessionDeadlineNanos() - first > timeout.toNanos());
            assertThat(client.sessionDeadlineNanos() - System.nanoTime()).isGreaterThan(timeout.toNanos() / 2);
            server.stop();
            await().until(() -> client.state() == SUSPENDED);
            long stopped = client.sessionDeadlineNanos();
            await().atMost(timeout.multipliedBy(5)).until(() -> stopped - System.nanoTime() < 0);
            assertThat(client.sessionDeadlineNanos()).isEqualTo(stopped);
            server.start();
            await().until(() -> client.state() == RECONNECTED && client.sessionDeadlineNanos() - System.nanoTime() > 0);
        }
    }

    @Test
    void closingDeletesEphemeralsAfterAnsweringAllBefore() throws Exception {
        var client = start();
        var created = client.create("/mine", EMPTY, CreateMode.EPHEMERAL);
        var closed = client.closeAsync();
        var late = client.exists("/mine");
        assertThat(created.get(30, TimeUnit.SECONDS)).isInstanceOf(Reply.Ok.class);
        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(Done.DONE);
        assertThat(late)
                .failsWithin(30, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(ClientException.Closed.class);
        assertThat(client.sessionDeadlineNanos() - System.nanoTime()).isNegative();
        try (var other = start()) {
            assertThat(other.blocking().exists("/mine").value()).isEmpty();
        }
    }

    @Test
    void pathsLieInTheChroot() throws Exception {
        try (var outside = start()) {
            outside.blocking().create("/app", EMPTY, CreateMode.PERSISTENT).value();
            try (var inside = Client.builder(server.address() + "/app").start()) {
                BlockingClient calls = inside.blocking();
                assertThat(calls.exists("/a", events::add).value()).isEmpty();
                calls.getChildren("/", events::add).value();
                assertThat(calls.create("/a", EMPTY, CreateMode.PERSISTENT)
                                .value()
                                .path())
                        .isEqualTo("/a");
                assertThat(calls.getChildren("/").value().names()).containsExactly("a");
                assertThat(calls.multi(List.of(new Op.Check("/no", 0))))
                        .isInstanceOfSatisfying(
                                Reply.Refused.class,
                                refused -> assertThat(refused.path()).isEqualTo("/no"));
            }
            assertThat(outside.blocking().exists("/app/a").value()).isPresent();
        }
        assertThat(events).extracting(WatchEvent::path).containsExactlyInAnyOrder("/a", "/");
    }

    @Test
    void credentialsAreSentAgainOnEveryLink() throws Exception {
        try (var client = start()) {
            assertThat(client.addAuth("digest", "ann:secret".getBytes(UTF_8)).get(30, TimeUnit.SECONDS))
                    .isEqualTo(Done.DONE);
            var onlyMe = List.of(new Acl(Perms.ALL, new Id("auth", "")));
            client.blocking()
                    .create("/secret", EMPTY, onlyMe, CreateMode.PERSISTENT)
                    .value();
            server.cutConnections();
            await().until(() -> client.state() == RECONNECTED);
            assertThat(client.blocking().getData("/secret")).isInstanceOf(Reply.Ok.class);
            try (var other = start()) {
                assertThat(other.blocking().getData("/secret"))
                        .isInstanceOfSatisfying(
                                Reply.Refused.class,
                                refused -> assertThat(refused.error()).isEqualTo(ErrorCode.NO_AUTH));
            }
        }
    }

    @Test
    void refusedCredentialsEndTheClient() {
        try (var client = start()) {
            assertThat(client.addAuth("nosuchscheme", EMPTY))
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(ClientException.AuthFailed.class);
            assertThat(client.state()).isEqualTo(ConnectionState.AUTH_FAILED);
        }
    }

    @Test
    void anotherServerOfTheListIsFoundAtOnce() throws Exception {
        try (var client = Client.builder("127.0.0.1:1," + server.address() + ",localhost:1")
                .start()) {
            long begin = System.nanoTime();
            client.connected().get(30, TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void clientsShareALoopGroupAndRunCallbacksOnAnExecutor() throws Exception {
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (var executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "callbacks"));
                var one = builder()
                        .eventLoopGroup(group)
                        .callbackExecutor(executor)
                        .start();
                var two = builder().eventLoopGroup(group).start()) {
            String thread = one.exists("/")
                    .thenApply(_ -> Thread.currentThread().getName())
                    .get(30, TimeUnit.SECONDS);
            assertThat(thread).isEqualTo("callbacks");
            two.blocking().exists("/").value();
            one.closeAsync().get(30, TimeUnit.SECONDS);
            two.blocking().exists("/").value();
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
            assertThat(two.exists("/"))
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(ClientException.Closed.class);
        }
    }

    @Test
    void aLoopGroupShutDownUnderAClientEndsIt() throws Exception {
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (var searching = Client.builder("localhost:1").eventLoopGroup(group).start()) {
            var waiting = searching.exists("/");
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
            assertThat(waiting)
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(ClientException.Closed.class);
            assertThat(searching.exists("/"))
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(ClientException.Closed.class);
        }
    }

    private ClientBuilder builder() {
        return Client.builder(server.address()).sessionTimeout(TIMEOUT);
    }

    private Client start() {
        return builder().listener(change -> states.add(change.state())).start();
    }
}
