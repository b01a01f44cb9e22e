package dev.paddock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.Perms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole trees deleted from Apache ZooKeeper, undisturbed and disturbed. */
@Timeout(120)
final class TreeDeletionTest {
    private static ApacheServer server;
    private Client client;
    private BlockingClient blocking;

    @BeforeAll
    static void startServer(@TempDir Path folder) {
        server = ApacheServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void startClient() throws InterruptedException {
        client = Client.builder(server.address()).start();
        blocking = client.blocking();
        create("/t");
    }

    @AfterEach
    void closeClient() throws InterruptedException {
        delete("/t", 100);
        client.close();
    }

    private void create(String path) throws InterruptedException {
        blocking.create(path, new byte[0], CreateMode.PERSISTENT).value();
    }

    private TreeDeletion.Outcome delete(String path, int window) throws InterruptedException {
        return new TreeDeletion(client, path, window).run(() -> true, _ -> {});
    }

    /** A random tree of this many znodes below /t; seeds are printed by the name of the test. */
    private int plant(long seed, int count) throws InterruptedException {
        var random = new Random(seed);
        var paths = new ArrayList<>(List.of("/t"));
        for (int i = 0; i < count; i++) {
            int near = random.nextInt(3) == 0 ? paths.size() - 1 : random.nextInt(paths.size()); // deep and broad
            String path = paths.get(near) + "/n" + i;
            create(path);
            paths.add(path);
        }
        return paths.size();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void nothingIsLeft(long seed) throws InterruptedException {
        int planted = plant(seed, 200);
        assertThat(delete("/t", 1 + (int) seed * 3)).isEqualTo(new TreeDeletion.Outcome.Done(planted));
        assertThat(blocking.exists("/t").value()).isEmpty();
    }

    @Test
    void whatIsNotThereIsDone() throws InterruptedException {
        assertThat(delete("/nowhere", 10)).isEqualTo(new TreeDeletion.Outcome.Done(0));
    }

    @Test
    void theRootIsNotTaken() {
        assertThatThrownBy(() -> new TreeDeletion(client, "/", 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TreeDeletion(client, "/t", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void itStopsWhenTold() throws InterruptedException {
        int planted = plant(5, 100);
        var deletion = new TreeDeletion(client, "/t", 10);
        var steps = new AtomicInteger();
        TreeDeletion.Outcome outcome = deletion.run(() -> steps.getAndIncrement() < 6, _ -> {});
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        TreeDeletion.Outcome.Stopped.class,
                        stopped -> assertThat(stopped.at()).startsWith("/t"));
        int left = blocking.getAllChildrenNumber("/t").value() + 1;
        assertThat(outcome.deleted()).isPositive().isEqualTo(planted - left);
        assertThat(deletion.run(() -> true, _ -> {})).isEqualTo(new TreeDeletion.Outcome.Done(planted)); // and goes on
    }

    /** Apache's server lists a directory as one page, however long: it is stopped within that too. */
    @Test
    void itStopsInTheMiddleOfALongPage() throws InterruptedException {
        for (int from = 0; from < 6_000; from += 500) {
            int first = from;
            blocking.multi(java.util.stream.IntStream.range(first, first + 500)
                            .mapToObj(i -> Op.create("/t/" + i, new byte[0], CreateMode.PERSISTENT))
                            .toList())
                    .value();
        }
        var told = new ArrayList<Long>();
        var deletion = new TreeDeletion(client, "/t", 100);
        TreeDeletion.Outcome outcome = deletion.run(() -> told.size() < 3, told::add);
        assertThat(outcome).isEqualTo(new TreeDeletion.Outcome.Stopped(1_599, "/t")); // 1500, and those under way
        assertThat(told).containsExactly(500L, 1_000L, 1_500L);
        assertThat(deletion.run(() -> true, _ -> {})).isEqualTo(new TreeDeletion.Outcome.Done(6_001));
    }

    @Test
    void aChildCreatedMeanwhileIsDeletedToo() throws InterruptedException {
        create("/t/a");
        var created = new AtomicInteger();
        var deletion = new TreeDeletion(client, "/t", 10);
        var outcome = deletion.run(
                () -> {
                    if (created.get() < 5) { // before a step, so sometimes after the directory was listed
                        client.create("/t/late" + created.getAndIncrement(), new byte[0], CreateMode.PERSISTENT)
                                .join();
                    }
                    return true;
                },
                _ -> {});
        assertThat(outcome).isEqualTo(new TreeDeletion.Outcome.Done(2 + 5));
    }

    @Test
    void whoCreatesForEverIsGivenUpOn() throws InterruptedException {
        var number = new AtomicInteger();
        var outcome = new TreeDeletion(client, "/t", 10)
                .run(
                        () -> {
                            client.create("/t/new" + number.getAndIncrement(), new byte[0], CreateMode.PERSISTENT)
                                    .join();
                            return true;
                        },
                        _ -> {});
        assertThat(outcome).isInstanceOfSatisfying(TreeDeletion.Outcome.Refused.class, refused -> {
            assertThat(refused.error()).isEqualTo(ErrorCode.NOT_EMPTY);
            assertThat(refused.path()).isEqualTo("/t");
        });
    }

    @Test
    void lostLinksAreMadeUpFor() throws Exception {
        plant(6, 300);
        var cut = new AtomicInteger();
        var deletion = new TreeDeletion(client, "/t", 50);
        Thread cutter = Thread.ofVirtual().unstarted(server::cutConnections);
        var outcome = deletion.run(
                () -> {
                    if (cut.incrementAndGet() == 5) cutter.start(); // while the step that begins now is under way
                    return true;
                },
                _ -> {});
        cutter.join();
        assertThat(outcome).isInstanceOf(TreeDeletion.Outcome.Done.class);
        assertThat(blocking.exists("/t").value()).isEmpty();
    }

    @Test
    void aRefusalNamesThePath() throws InterruptedException {
        List<Acl> closed = List.of(new Acl(Perms.ALL & ~Perms.DELETE, new Id("world", "anyone")));
        create("/t/a");
        blocking.create("/t/a/kept", new byte[0], closed, CreateMode.PERSISTENT).value();
        create("/t/a/kept/b");
        var outcome = delete("/t", 10);
        assertThat(outcome).isEqualTo(new TreeDeletion.Outcome.Refused(0, ErrorCode.NO_AUTH, "/t/a/kept/b"));
        blocking.setAcl("/t/a/kept", Acl.OPEN_UNSAFE, -1).value();
        assertThat(delete("/t", 10)).isEqualTo(new TreeDeletion.Outcome.Done(4));
    }

    @Test
    void twoAtOnceShareTheWork() throws Exception {
        int planted = plant(7, 200);
        var other = new AtomicBoolean();
        Thread second = Thread.ofVirtual().start(() -> {
            try (Client mine = Client.builder(server.address()).start()) {
                other.set(
                        new TreeDeletion(mine, "/t", 20).run(() -> true, _ -> {}) instanceof TreeDeletion.Outcome.Done);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        var outcome = delete("/t", 20);
        second.join();
        assertThat(outcome).isInstanceOf(TreeDeletion.Outcome.Done.class);
        assertThat(other).isTrue();
        assertThat(outcome.deleted()).isLessThanOrEqualTo(planted);
        assertThat(blocking.exists("/t").value()).isEmpty();
    }
}
