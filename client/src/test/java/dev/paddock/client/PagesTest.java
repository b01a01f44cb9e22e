package dev.paddock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Stat;
import dev.paddock.wire.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Children in pages, from servers that know them and from those that do not. */
@Timeout(60)
final class PagesTest {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final Stat STAT = new Stat(1, 1, 0, 0, 0, 0, 0, 0, 0, 3, 9);

    @Test
    void apacheIsAskedForAllAndCutIntoPages(@TempDir Path folder) throws InterruptedException {
        try (ApacheServer server = ApacheServer.start(folder);
                Client client = Client.builder(server.address()).start()) {
            BlockingClient blocking = client.blocking();
            blocking.create("/d", new byte[0], CreateMode.PERSISTENT).value();
            List<String> names = IntStream.range(0, 50).mapToObj(i -> "n" + i).toList();
            blocking.multi(names.stream()
                            .map(name -> (Op)
                                    new Op.Create("/d/" + name, new byte[0], Acl.OPEN_UNSAFE, CreateMode.PERSISTENT))
                            .toList())
                    .value();
            assertThat(list(blocking, new PageQuery("", "", 7))).containsExactlyInAnyOrderElementsOf(names);
            assertThat(list(blocking, new PageQuery("", "n1", 3)))
                    .containsExactlyInAnyOrderElementsOf(
                            names.stream().filter(name -> name.startsWith("n1")).toList());
            assertThat(list(blocking, PageQuery.first())).containsExactlyInAnyOrderElementsOf(names);
            assertThat(blocking.getChildrenPage("/no", PageQuery.first()))
                    .isInstanceOfSatisfying(
                            Reply.Refused.class,
                            refused -> assertThat(refused.error()).isEqualTo(ErrorCode.NO_NODE));
            var heard = new CompletableFuture<WatchEvent>();
            blocking.getChildrenPage("/d", PageQuery.first(), heard::complete).value();
            blocking.delete("/d/n3", Client.ANY_VERSION).value();
            assertThat(heard.orTimeout(10, TimeUnit.SECONDS).join().kind()).isEqualTo(WatchEvent.Kind.CHILDREN_CHANGED);
            assertThat(client.state()).isEqualTo(ConnectionState.CONNECTED); // never sent away for what it asked
        }
    }

    private static List<String> list(BlockingClient client, PageQuery query) throws InterruptedException {
        var listed = new ArrayList<String>();
        Optional<PageQuery> next = Optional.of(query);
        var pzxids = new HashSet<Long>();
        while (next.isPresent()) {
            ChildrenPage page = client.getChildrenPage("/d", next.get()).value();
            assertThat(page.names()).hasSizeLessThanOrEqualTo(query.limit());
            pzxids.add(page.stat().pzxid());
            listed.addAll(page.names());
            next = page.next().map(query::after);
        }
        assertThat(pzxids).hasSize(1);
        return listed;
    }

    /** A session may move between the two kinds of server in the middle of a listing: the order is the same. */
    @Test
    void everyLinkIsAskedWhatItsServerKnows() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(PagesTest::pagingServer, PagesTest::plainServer);
                Client client = Client.builder(server.address()).start()) {
            BlockingClient blocking = client.blocking();
            ChildrenPage first =
                    blocking.getChildrenPage("/d", new PageQuery("", "", 2)).value();
            assertThat(first).isEqualTo(new ChildrenPage(List.of("a", "b"), STAT, Optional.of("b")));
            ChildrenPage skipped =
                    blocking.getChildrenPage("/d", new PageQuery("b", "z", 2)).value();
            assertThat(skipped).isEqualTo(new ChildrenPage(List.of(), STAT, Optional.of("x")));
            assertThatThrownBy(() -> blocking.getChildrenPage("/d", new PageQuery("x", "", 2)))
                    .isInstanceOf(ClientException.ConnectionLoss.class);
            ChildrenPage rest =
                    blocking.getChildrenPage("/d", new PageQuery("a", "", 2)).value();
            assertThat(rest).isEqualTo(new ChildrenPage(List.of("b", "c"), STAT, Optional.empty()));
        }
    }

    private static void pagingServer(ScriptedServer.Connection connection) throws IOException {
        connection.acceptExtended(TIMEOUT_MILLIS);
        ScriptedServer.Received first = connection.read();
        assertThat(first.request()).isEqualTo(new Request.GetChildrenPage("/d", false, "", "", 2));
        connection.reply(first, 9, 0, w -> write(w, new Response.GetChildrenPage(List.of("a", "b"), STAT, true, null)));
        connection.reply(
                connection.read(), 9, 0, w -> write(w, new Response.GetChildrenPage(List.of(), STAT, true, "x")));
        connection.read(); // and closes
    }

    private static void plainServer(ScriptedServer.Connection connection) throws IOException {
        connection.accept(TIMEOUT_MILLIS);
        ScriptedServer.Received asked = connection.read();
        assertThat(asked.request()).isEqualTo(new Request.GetChildren2("/d", false));
        connection.reply(asked, 9, 0, w -> write(w, new Response.GetChildren2(List.of("c", "b", "a"), STAT)));
        ScriptedServer.silence(connection);
    }

    private static void write(Writer w, Response response) {
        response.write(w);
    }
}
