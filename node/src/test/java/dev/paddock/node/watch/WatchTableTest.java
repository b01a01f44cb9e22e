package dev.paddock.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.tree.Change;
import dev.paddock.node.tree.Change.Kind;
import dev.paddock.wire.Acl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchTableTest {
    private final WatchTable table = new WatchTable(1);
    private final List<String> events = new ArrayList<>();

    private List<String> fired(Kind kind, String path) {
        events.clear();
        table.trigger(new Change(kind, path, Acl.READ_UNSAFE, 0), (connection, type, at, acl) -> {
            assertThat(acl).isSameAs(Acl.READ_UNSAFE);
            events.add(connection + ":" + type + at);
        });
        return List.copyOf(events);
    }

    @Test
    void aDeleteIsToldOnceToWhoeverWatchesDataAndChildren() {
        table.add(WatchKind.CHILD, "/a", 2);
        table.add(WatchKind.DATA, "/a", 1);
        table.add(WatchKind.CHILD, "/a", 1);
        assertThat(table.count()).isEqualTo(3);
        assertThat(fired(Kind.DELETED, "/a")).containsExactly("2:2/a", "1:2/a");
        assertThat(table.count()).isZero();
        assertThat(table.bytes()).isZero();
    }

    @Test
    void eachWatchFiresOnceAndForItsOwnKind() {
        table.add(WatchKind.DATA, "/a", 1);
        table.add(WatchKind.DATA, "/a", 1);
        assertThat(fired(Kind.CHILDREN_CHANGED, "/a")).isEmpty();
        assertThat(fired(Kind.DATA_CHANGED, "/a")).containsExactly("1:3/a");
        assertThat(fired(Kind.DATA_CHANGED, "/a")).isEmpty();
        table.add(WatchKind.DATA, "/b", 1);
        assertThat(fired(Kind.CREATED, "/b")).containsExactly("1:1/b");
    }

    @Test
    void recursiveWatchesHearOfAllBelowButNotOfChildren() {
        table.add(WatchKind.PERSISTENT_RECURSIVE, "/", 1);
        table.add(WatchKind.PERSISTENT_RECURSIVE, "/a", 1);
        table.add(WatchKind.PERSISTENT_RECURSIVE, "/a/b", 2);
        assertThat(fired(Kind.CREATED, "/a/b/c")).containsExactly("2:1/a/b/c", "1:1/a/b/c");
        assertThat(fired(Kind.CHILDREN_CHANGED, "/a/b")).isEmpty();
        assertThat(fired(Kind.DATA_CHANGED, "/a/bc")).containsExactly("1:3/a/bc");
        assertThat(fired(Kind.DELETED, "/")).containsExactly("1:2/");
        assertThat(table.remove("/", 5, 1)).isTrue();
        assertThat(fired(Kind.DATA_CHANGED, "/x")).isEmpty();
    }

    @Test
    void manyWatchesGrowAndGoWithTheirConnection() {
        for (int connection = 0; connection < 50; connection++) {
            for (int i = 0; i < 400; i++) table.add(WatchKind.DATA, "/shared-" + i, connection);
            for (int i = 0; i < 400; i++) table.add(WatchKind.CHILD, "/own-" + connection + "-" + i, connection);
        }
        assertThat(table.count()).isEqualTo(40_000);
        assertThat(table.dataCount()).isEqualTo(20_000);
        assertThat(table.dataPathCount()).isEqualTo(400);
        assertThat(table.dataWatcherCount()).isEqualTo(50);
        for (int connection = 0; connection < 49; connection++) table.removeConnection(connection);
        assertThat(table.count()).isEqualTo(800);
        assertThat(fired(Kind.DATA_CHANGED, "/shared-7")).containsExactly("49:3/shared-7");
        table.removeConnection(49);
        table.removeConnection(49);
        assertThat(table.count()).isZero();
        assertThat(table.bytes()).isZero();
        assertThat(table.dataPathCount()).isZero();
        assertThat(table.dataWatcherCount()).isZero();
    }

    @Test
    void listsWhatApachesTableOfDataWatchesWouldHold() {
        table.add(WatchKind.DATA, "/a", 1);
        table.add(WatchKind.CHILD, "/a", 1);
        table.add(WatchKind.PERSISTENT, "/b", 1);
        table.add(WatchKind.CHILD, "/a", 2);
        table.add(WatchKind.PERSISTENT_RECURSIVE, "/a", 3);
        var listed = new ArrayList<String>();
        table.forEachData((connection, paths) ->
                paths.forEach(path -> listed.add(connection + ":" + new String(path, StandardCharsets.UTF_8))));
        assertThat(listed).containsExactlyInAnyOrder("1:/a", "1:/b", "3:/a");
        fired(Kind.DATA_CHANGED, "/a");
        assertThat(table.dataCount()).isEqualTo(2);
        assertThat(table.count()).isEqualTo(5);
    }
}
