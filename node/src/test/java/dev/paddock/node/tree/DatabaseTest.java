package dev.paddock.node.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Apache's tree cannot judge: old versions, order, loading, depth, the changes for watches. */
class DatabaseTest {
    private static final Znode.Stored ZEROS = new Znode.Stored(0, 0, 0, 0, 0, 0, 0, 0, 0);

    private long zxid;

    private Applied apply(Database database, Txn txn) {
        zxid++;
        return database.apply(new TxnHeader(7, 1, zxid, 1000 + zxid, txn.type()), txn);
    }

    private Database created(Database database, String path) {
        return apply(database, new Txn.Create(path, new byte[0], Acl.OPEN_UNSAFE, false, -1))
                .after();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void oldVersionsStayAsTheyWere(long seed) {
        var histories = new Histories(seed);
        var versions = new ArrayList<Database>();
        var contents = new ArrayList<Map<String, String>>();
        Database database = Database.empty();
        for (int i = 0; i < 200; i++) {
            versions.add(database);
            contents.add(content(database));
            database = database.apply(histories.next(database)).after();
        }
        for (int i = 0; i < versions.size(); i++)
            assertThat(content(versions.get(i))).isEqualTo(contents.get(i));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void loadsWhatItWalks(long seed) {
        var histories = new Histories(seed);
        Database database = Database.empty();
        for (int i = 0; i < 300; i++) {
            TxnRecord record = histories.next(database);
            database = database.apply(record).after();
            Loader loader = Database.loader();
            database.forEachSession(loader::session);
            database.walk((path, length, node) ->
                    loader.znode(path, 0, length, node.data(), List.copyOf(node.acl()), node.stored()));
            Database loaded = loader.build(database.lastZxid());
            assertThat(loaded.difference(database)).isNull();
            assertThat(database.difference(loaded)).isNull();
            assertThat(loaded.znodeCount()).isEqualTo(database.znodeCount());
            assertThat(loaded.ephemeralCount()).isEqualTo(database.ephemeralCount());
            assertThat(loaded.approximateDataSize()).isEqualTo(database.approximateDataSize());
            assertThat(loaded.acls()).containsExactlyElementsOf(database.acls());
            assertThat(loaded.containers()).isEqualTo(database.containers());
            for (long session = 0x100; session < 0x104; session++) {
                assertThat(loaded.ephemeralsOf(session)).isEqualTo(database.ephemeralsOf(session));
            }
            assertThat(loaded.apply(record)
                            .after()
                            .difference(database.apply(record).after()))
                    .isNull();
        }
    }

    @Test
    void walksInOneOrderHoweverItCameAbout() {
        Database one = Database.empty();
        Database other = Database.empty();
        for (int i = 0; i < 300; i++) one = created(one, "/n" + i);
        for (int i = 399; i >= 0; i--) other = created(other, "/n" + i);
        for (int i = 300; i < 400; i++)
            other = apply(other, new Txn.Delete("/n" + i)).after();
        assertThat(other.root().childNames()).isEqualTo(one.root().childNames());
    }

    @Test
    void namesTheFirstDifference() {
        Database one = created(Database.empty(), "/a");
        assertThat(one.difference(one)).isNull();
        assertThat(one.difference(Database.empty())).contains("zxid");
        Database longer = created(one, "/a/b");
        zxid--;
        Database data = apply(one, new Txn.SetData("/a", new byte[] {1}, 1)).after();
        assertThat(longer.difference(data)).startsWith("/a: ");
        zxid--;
        Database session = apply(one, new Txn.CreateSession(4000)).after();
        assertThat(session.difference(data)).contains("sessions {7=4000}");
    }

    @Test
    void saysWhatWatchesMayWaitFor() {
        List<Acl> mine = List.of(new Acl(31, new Id("digest", "me:x")));
        Applied created = apply(Database.empty(), new Txn.Create("/a", null, mine, false, -1));
        assertThat(created.changes())
                .containsExactly(
                        new Change(Change.Kind.CREATED, "/a", mine, 0),
                        new Change(Change.Kind.CHILDREN_CHANGED, "/", Acl.OPEN_UNSAFE, 0));
        Applied set = apply(created.after(), new Txn.SetData("/a", new byte[3], 1));
        assertThat(set.changes()).containsExactly(new Change(Change.Kind.DATA_CHANGED, "/a", mine, 3));
        assertThat(apply(set.after(), new Txn.SetAcl("/a", mine, 1)).changes()).isEmpty();
        Applied nested = apply(set.after(), new Txn.Create("/a/b", null, Acl.OPEN_UNSAFE, true, -1));
        Applied closed = apply(nested.after(), new Txn.CloseSession(null));
        assertThat(closed.changes())
                .containsExactly(
                        new Change(Change.Kind.DELETED, "/a/b", Acl.OPEN_UNSAFE, 0),
                        new Change(Change.Kind.CHILDREN_CHANGED, "/a", mine, 3));
        assertThat(apply(closed.after(), new Txn.Delete("/nothing")).changes()).isEmpty();
    }

    /**
     * A snapshot that Apache's server wrote meanwhile may hold the parent as it was before a delete, and its children as they
     * were after it.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void replayMovesTheParentOfWhatIsGoneAlready(boolean bySession) { // M14
        Database before = created(Database.empty(), "/a");
        before = apply(before, new Txn.CreateSession(4_000)).after();
        before = apply(before, new Txn.Create("/a/e", null, Acl.READ_UNSAFE, true, -1))
                .after();
        Txn last = bySession ? new Txn.CloseSession(List.of("/a/e")) : new Txn.Delete("/a/e");
        TxnRecord record = new TxnRecord(new TxnHeader(7, 1, zxid + 1, 2_000, last.type()), last);
        Loader loader = Database.loader();
        before.forEachSession(loader::session);
        before.walk((path, length, node) -> {
            boolean isGone = new String(path, 0, length, StandardCharsets.UTF_8).equals("/a/e");
            if (!isGone) loader.znode(path, 0, length, node.data(), List.copyOf(node.acl()), node.stored());
        });
        Database replayed = loader.build(zxid).apply(record).after();
        assertThat(replayed.difference(before.apply(record).after())).isNull();
    }

    @Test
    void deletesWhatReplayFindsBelow() {
        Database database = created(created(created(Database.empty(), "/a"), "/a/b"), "/a/b/c");
        database = apply(database, new Txn.Create("/a/e", null, Acl.READ_UNSAFE, true, -1))
                .after();
        Database after = apply(database, new Txn.Delete("/a")).after();
        assertThat(after.znodeCount()).isEqualTo(4);
        assertThat(after.ephemeralCount()).isZero();
        assertThat(after.ephemeralsOf(7)).isEmpty();
        assertThat(after.approximateDataSize()).isEqualTo(Database.empty().approximateDataSize());
        assertThat(after.acls()).isEqualTo(Database.empty().acls());
    }

    @Test
    void aTreeAHundredThousandDeepNeedsNoStack() {
        int depth = 100_000;
        byte[] deepest = "/d".repeat(depth).getBytes(StandardCharsets.UTF_8);
        Loader loader = Database.loader().znode("", null, Acl.OPEN_UNSAFE, ZEROS);
        for (int i = 1; i <= depth; i++) loader.znode(deepest, 0, 2 * i, null, Acl.OPEN_UNSAFE, ZEROS);
        Database database = loader.build(5);
        String path = new String(deepest, StandardCharsets.UTF_8);
        assertThat(database.find(path)).isNotNull();
        Database set = database.apply(new TxnHeader(1, 1, 6, 6, 5), new Txn.SetData(path, new byte[] {1}, 1))
                .after();
        int[] visited = {0};
        set.walk((p, length, node) -> visited[0]++);
        assertThat(visited[0]).isEqualTo(depth + 1);
        assertThat(set.difference(set.apply(new TxnHeader(1, 1, 6, 6, -1), new Txn.Error(-1))
                        .after()))
                .isNull();
        assertThat(set.descendants(set.root())).isEqualTo(depth);
        Database gone =
                set.apply(new TxnHeader(1, 1, 7, 7, 2), new Txn.Delete("/d")).after();
        assertThat(gone.znodeCount()).isEqualTo(1);
    }

    @Test
    void findsByAbsolutePathOnly() {
        Database database = created(created(Database.empty(), "/a"), "/a/b");
        assertThat(database.find("/")).isSameAs(database.root());
        assertThat(database.find("")).isSameAs(database.root());
        assertThat(database.find("/a/b")).isNotNull();
        for (String none : List.of("a", "//", "/a/", "/a//b", "/a/c", "/b", "/a/b/", "/aa")) {
            assertThat(database.find(none)).as(none).isNull();
        }
        byte[] larger = "xx/a/byy".getBytes(StandardCharsets.UTF_8);
        assertThat(database.find(larger, 2, 6)).isSameAs(database.find("/a/b"));
        assertThat(database.find(larger, 2, 7)).isNull();
    }

    @Test
    void loaderRefusesWhatIsNoTree() {
        assertThatThrownBy(() -> Database.loader().build(0)).isInstanceOf(IllegalArgumentException.class);
        for (List<String> paths : List.of(
                List.of("/a"),
                List.of("", ""),
                List.of("", "a"),
                List.of("", "/a", "/b/c"),
                List.of("", "/a", "/b", "/a/c"),
                List.of("", "/a/"),
                List.of("", "/"),
                List.of("", "/a", "/b", "/a"))) {
            Loader loader = Database.loader();
            assertThatThrownBy(() -> {
                        for (String path : paths) loader.znode(path, null, Acl.OPEN_UNSAFE, ZEROS);
                        loader.build(1);
                    })
                    .as(paths.toString())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void knowsOwnersThatAreNoSessions() {
        for (boolean extended : new boolean[] {false, true}) {
            Database database = Database.empty(extended ? TreeRules.EXTENDED : TreeRules.DEFAULT);
            database = apply(database, new Txn.CreateTtl("/ttl", null, Acl.OPEN_UNSAFE, -1, 5000))
                    .after();
            database = apply(database, new Txn.CreateContainer("/box", null, Acl.OPEN_UNSAFE, -1))
                    .after();
            Znode ttl = database.find("/ttl");
            assertThat(database.containers()).containsExactly("/box");
            assertThat(database.ttlZnodes()).isEqualTo(extended ? List.of("/ttl") : List.of());
            assertThat(database.ephemeralCount()).isEqualTo(extended ? 0 : 1);
            assertThat(database.stat(ttl).ephemeralOwner()).isEqualTo(extended ? 0 : 0xff00000000001388L);
            assertThat(Owner.ttlMillis(ttl.ephemeralOwner())).isEqualTo(5000);
            assertThat(database.stat(database.find("/box")).ephemeralOwner()).isZero();
        }
    }

    /** As Apache's servers do at their start: without a transaction, so version -1, and the configuration's zxid. */
    @Test
    void theConfigurationIsInItsZnodeUnlessANewerOneIs() {
        Database before = created(Database.empty(), "/a");
        Database with = before.withConfig("server.1=a:1:2:participant\nversion=7", 7, 1234);
        Znode config = with.find("/zookeeper/config");
        assertThat(config.data()).asString().isEqualTo("server.1=a:1:2:participant\nversion=7");
        assertThat(with.stat(config).version()).isEqualTo(-1);
        assertThat(with.stat(config).mzxid()).isEqualTo(7);
        assertThat(with.lastZxid()).isEqualTo(before.lastZxid());
        assertThat(with.withConfig("version=6", 6, 5678)).isSameAs(with);
    }

    private static Map<String, String> content(Database database) {
        var content = new TreeMap<String, String>();
        database.walk((path, length, node) -> content.put(
                new String(path, 0, length, StandardCharsets.UTF_8),
                node.stored() + " " + node.dataLength() + " " + node.acl() + " " + node.childNames()));
        database.forEachSession((id, timeout) -> content.put("session " + id, timeout + ""));
        content.put("ephemerals", "" + database.ephemeralCount() + database.ephemeralsOf(0x101));
        return content;
    }
}
