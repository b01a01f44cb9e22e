package dev.paddock.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Stat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every call against Apache ZooKeeper, one after the other and pipelined. */
final class CallsTest {
    private static ApacheServer server;
    private static int tests;
    private Client client;
    private BlockingClient blocking;
    private String root; // a znode of this test's own

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
        root = blocking.create("/test" + tests++, bytes("root"), CreateMode.PERSISTENT)
                .value()
                .path();
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void createsReadsChangesAndDeletes() throws InterruptedException {
        Created created =
                blocking.create(root + "/a", bytes("1"), CreateMode.PERSISTENT).value();
        assertThat(created.path()).isEqualTo(root + "/a");
        assertThat(created.stat().version()).isZero();

        assertThat(blocking.getData(root + "/a").value()).isEqualTo(new NodeData(bytes("1"), created.stat()));
        Stat changed = blocking.setData(root + "/a", bytes("22"), 0).value();
        assertThat(changed.version()).isEqualTo(1);
        assertThat(changed.dataLength()).isEqualTo(2);
        assertThat(blocking.exists(root + "/a").value()).contains(changed);

        Children children = blocking.getChildren(root).value();
        assertThat(children.names()).containsExactly("a");
        assertThat(children.stat().numChildren()).isEqualTo(1);

        assertThat(blocking.delete(root + "/a", 1)).isInstanceOf(Reply.Ok.class);
        assertThat(blocking.exists(root + "/a").value()).isEmpty();
    }

    @Test
    void refusalsAreValues() throws InterruptedException {
        assertRefused(blocking.getData(root + "/no"), ErrorCode.NO_NODE, root + "/no");
        assertRefused(blocking.delete(root + "/no", Client.ANY_VERSION), ErrorCode.NO_NODE, root + "/no");
        assertRefused(blocking.setData(root, bytes(""), 7), ErrorCode.BAD_VERSION, root);
        assertRefused(blocking.create(root, bytes(""), CreateMode.PERSISTENT), ErrorCode.NODE_EXISTS, root);
        blocking.create(root + "/e", bytes(""), CreateMode.EPHEMERAL).value();
        assertRefused(blocking.delete(root, Client.ANY_VERSION), ErrorCode.NOT_EMPTY, root);
        assertRefused(
                blocking.create(root + "/e/x", bytes(""), CreateMode.PERSISTENT),
                ErrorCode.NO_CHILDREN_FOR_EPHEMERALS,
                root + "/e/x");
    }

    @Test
    void aRefusalThatIsAFaultToTheCallerIsThrown() throws InterruptedException {
        Reply<NodeData> reply = blocking.getData(root + "/no");
        assertThatThrownBy(reply::value)
                .isInstanceOfSatisfying(
                        ClientException.Refused.class,
                        refused -> assertThat(refused.error()).isEqualTo(ErrorCode.NO_NODE))
                .hasMessage("NO_NODE for " + root + "/no");
    }

    @Test
    void sequentialNodesCountAndEphemeralsHaveTheirOwner() throws InterruptedException {
        assertThat(blocking.create(root + "/s-", bytes(""), CreateMode.PERSISTENT_SEQUENTIAL)
                        .value()
                        .path())
                .isEqualTo(root + "/s-0000000000");
        Created second = blocking.create(root + "/", bytes(""), CreateMode.EPHEMERAL_SEQUENTIAL)
                .value();
        assertThat(second.path()).isEqualTo(root + "/0000000001");
        assertThat(second.stat().ephemeralOwner())
                .isEqualTo(client.session().orElseThrow().id());
    }

    @Test
    void aclIsReadAndReplaced() throws InterruptedException {
        var readOnly = List.of(new Acl(Perms.READ | Perms.ADMIN, Id.ANYONE));
        assertThat(blocking.getAcl(root).value().acl()).isEqualTo(Acl.OPEN_UNSAFE);
        assertThat(blocking.setAcl(root, readOnly, 0).value().aversion()).isEqualTo(1);
        assertThat(blocking.getAcl(root).value().acl()).isEqualTo(readOnly);
        assertRefused(blocking.setData(root, bytes("x"), Client.ANY_VERSION), ErrorCode.NO_AUTH, root);
    }

    @Test
    void aMultiIsDoneAsAWhole() throws InterruptedException {
        var results = blocking.multi(List.of(
                Op.create(root + "/m", bytes("1"), CreateMode.PERSISTENT),
                new Op.SetData(root + "/m", bytes("2"), 0),
                new Op.Check(root + "/m", 1),
                new Op.Delete(root + "/m", 1)));
        assertThat(results.value()).hasSize(4);
        assertThat(results.value().get(0))
                .isInstanceOfSatisfying(
                        Created.class, made -> assertThat(made.path()).isEqualTo(root + "/m"));
        assertThat(results.value().get(1))
                .isInstanceOfSatisfying(
                        OpResult.DataSet.class,
                        set -> assertThat(set.stat().mzxid()).isEqualTo(results.zxid()));
        assertThat(results.value().subList(2, 4)).containsExactly(new OpResult.Checked(), new OpResult.Deleted());
        assertThat(blocking.multi(List.of()).value()).isEmpty();
    }

    @Test
    void aRefusedMultiNamesItsOperationAndChangesNothing() throws InterruptedException {
        var reply = blocking.multi(List.of(
                Op.create(root + "/m", bytes(""), CreateMode.PERSISTENT),
                new Op.Check(root, 5),
                new Op.Delete(root + "/gone", 0)));
        assertThat(reply).isEqualTo(new Reply.Refused<List<OpResult>>(ErrorCode.BAD_VERSION, root, 1, reply.zxid()));
        assertThat(blocking.exists(root + "/m").value()).isEmpty();
    }

    @Test
    void repliesTellTheZxid() throws InterruptedException {
        Reply<Created> created = blocking.create(root + "/z", bytes(""), CreateMode.PERSISTENT);
        assertThat(created.zxid()).isEqualTo(created.value().stat().czxid());
        assertThat(blocking.sync(root).zxid()).isGreaterThanOrEqualTo(created.zxid());
        assertThat(client.lastZxid()).isGreaterThanOrEqualTo(created.zxid());
    }

    @Test
    void pipelinedCallsAreDoneAndAnsweredInTheOrderMade() throws Exception {
        var answered = new ArrayList<Integer>(); // by the loop's thread only, until all have come
        var all = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 2000; i++) {
            int number = i;
            all.add(client.setData(root, bytes("" + i), i).thenAccept(reply -> {
                assertThat(reply.value().version()).isEqualTo(number + 1);
                answered.add(number);
            }));
            all.add(client.getData(root)
                    .thenAccept(reply -> assertThat(reply.value().data()).isEqualTo(bytes("" + number))));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
        assertThat(answered).isEqualTo(IntStream.range(0, 2000).boxed().toList());
    }

    @Test
    void aMalformedPathNeverTravels() {
        assertThatThrownBy(() -> client.getData("relative")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.delete("/a/", 0)).hasMessage("path \"/a/\" must not end with /");
    }

    @Test
    void aRequestOverABoundIsNotSent() throws InterruptedException {
        assertThatThrownBy(() -> blocking.setData(root, new byte[1 << 20], 0))
                .isInstanceOf(ClientException.LimitExceeded.class)
                .hasMessageContaining("requestBytesMax");
        try (var small = Client.builder(server.address()).watchesMax(1).start()) {
            small.blocking().exists(root, _ -> {}).value();
            assertThatThrownBy(() -> small.blocking().exists(root + "/b", _ -> {}))
                    .hasMessageContaining("watchesMax");
            assertThat(small.blocking().exists(root).value()).isPresent();
        }
    }

    @Test
    void moreRequestsThanTheBoundAreRefusedAtOnce() throws Exception {
        try (var small = Client.builder("127.0.0.1:1").pendingMax(2, 1000).start()) {
            var first = small.getData("/");
            assertThat(small.getData("/")).isNotDone();
            assertThat(small.getData("/"))
                    .failsWithin(0, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(ClientException.LimitExceeded.class);
            var _ = small.detach();
            assertThat(first)
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(ClientException.Closed.class);
        }
    }

    @Test
    void blockingOnTheEventLoopIsRefusedInsteadOfHanging() {
        // An answer that is there before thenApply runs the function here, where blocking is allowed: then once more.
        await().untilAsserted(() -> assertThat(client.exists(root).thenApply(_ -> existsBlocking()))
                .failsWithin(30, TimeUnit.SECONDS)
                .withThrowableThat()
                .withMessageContaining("a blocking call on the event loop thread"));
    }

    private Reply<Optional<Stat>> existsBlocking() {
        try {
            return blocking.exists(root);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(Reply<?> reply, ErrorCode error, String path) {
        assertThat(reply).isEqualTo(new Reply.Refused<>(error, path, 0, reply.zxid()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
