package dev.paddock.node.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Znode;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Reader;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.Writer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Listings in pages beside whole listings. */
class ChildPagesTest {
    private static final List<Id> NOBODY = List.of(new Id("ip", "127.0.0.1"));
    private static final Znode.Stored ZEROS = new Znode.Stored(0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final int MANY_BYTES = 1 << 20;

    /** A directory that changes under a listing. */
    private static final class Directory {
        Database database = Database.empty();

        Directory() {
            apply(new Txn.Create("/d", null, Acl.OPEN_UNSAFE, false, 1));
        }

        Set<String> names() {
            return new HashSet<>(node().childNames());
        }

        Znode node() {
            Znode node = database.find("/d");
            assertThat(node).isNotNull();
            return node;
        }

        /** Creates the child, or deletes it if it is there; gives whether it is there now. */
        boolean toggle(String name) {
            boolean isThere = names().contains(name);
            String path = "/d/" + name;
            apply(
                    isThere
                            ? new Txn.Delete(path)
                            : new Txn.Create(path, null, Acl.OPEN_UNSAFE, false, node().cversion() + 1));
            return !isThere;
        }

        private void apply(Txn txn) {
            long zxid = database.lastZxid() + 1;
            database = database.apply(new TxnHeader(7, 1, zxid, 1, txn.type()), txn)
                    .after();
        }

        Response.GetChildrenPage page(String cursor, String prefix, int limit, int bytesMax) {
            return read(database, new Request.GetChildrenPage("/d", false, cursor, prefix, limit), bytesMax);
        }
    }

    private static Response.GetChildrenPage read(Database database, Request.GetChildrenPage asked, int bytesMax) {
        var out = new Writer(64);
        assertThat(Reads.getChildrenPage(database, asked, bytesMax, AclRules.byDefault(), NOBODY, out))
                .isEqualTo(ErrorCode.OK);
        var reader = new Reader(out.array(), 0, out.length());
        var page = (Response.GetChildrenPage) Response.read(OpCode.GET_CHILDREN_PAGE, reader);
        reader.requireEnd();
        return page;
    }

    private static String next(Response.GetChildrenPage page) {
        String cursor = page.cursor();
        return cursor == null ? page.names().getLast() : cursor;
    }

    @Property(tries = 300)
    void pagesTogetherAreTheListing(
            @ForAll long seed,
            @ForAll @IntRange(max = 300) int count,
            @ForAll @IntRange(min = 1, max = 40) int limit,
            @ForAll @IntRange(max = 200) int bytesMax) {
        var random = new Random(seed);
        var directory = new Directory();
        for (int i = 0; i < count; i++) directory.toggle("n" + random.nextInt(count * 2));
        String prefix = List.of("", "n1", "n", "n27", "x").get(random.nextInt(5));
        var listed = new ArrayList<String>();
        String cursor = "";
        while (true) {
            var page = directory.page(cursor, prefix, limit, bytesMax);
            assertThat(page.names()).hasSizeLessThanOrEqualTo(limit);
            assertThat(page.stat()).isEqualTo(directory.database.stat(directory.node()));
            listed.addAll(page.names());
            if (!page.more()) break;
            cursor = next(page);
        }
        assertThat(listed)
                .containsExactlyElementsOf(directory.node().childNames().stream()
                        .filter(name -> name.startsWith(prefix))
                        .toList());
    }

    @Property(tries = 300)
    void aListingAmidChangesHasOnceWhatWasThereThroughout(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 200) int count,
            @ForAll @IntRange(min = 1, max = 20) int limit) {
        var random = new Random(seed);
        var directory = new Directory();
        for (int i = 0; i < count; i++) directory.toggle("n" + random.nextInt(count));
        Set<String> always = directory.names();
        Set<String> ever = directory.names();
        var listed = new ArrayList<String>();
        var pzxids = new HashSet<Long>();
        Set<String> atFirst = directory.names();
        String cursor = "";
        while (true) {
            var page = directory.page(cursor, "", limit, MANY_BYTES);
            pzxids.add(page.stat().pzxid());
            listed.addAll(page.names());
            if (!page.more()) break;
            cursor = next(page);
            if (random.nextInt(10) < 8) continue; // most runs change little, some nothing
            directory.toggle(cursor); // the cursor itself goes
            always.remove(cursor);
            for (int i = random.nextInt(30); i > 0; i--) {
                String name = "n" + random.nextInt(count);
                if (directory.toggle(name)) ever.add(name);
                else always.remove(name);
            }
        }
        assertThat(listed).doesNotHaveDuplicates().containsAll(always);
        assertThat(ever).containsAll(listed);
        if (pzxids.size() == 1) assertThat(listed).containsExactlyInAnyOrderElementsOf(atFirst);
    }

    @Example
    void aMillionChildrenFitIntoSmallFrames() {
        int count = 1_000_000;
        int bytesMax = 16 << 10;
        var loader = Database.loader().znode("", null, Acl.OPEN_UNSAFE, ZEROS);
        for (int i = 0; i < count; i++) loader.znode("/child-" + i, null, Acl.OPEN_UNSAFE, ZEROS);
        Database database = loader.build(1);
        var seen = new java.util.BitSet(count);
        int pages = 0;
        for (String cursor = ""; ; pages++) {
            var out = new Writer(64);
            var asked = new Request.GetChildrenPage("/", false, cursor, "", Integer.MAX_VALUE);
            assertThat(Reads.getChildrenPage(database, asked, bytesMax, AclRules.byDefault(), NOBODY, out))
                    .isEqualTo(ErrorCode.OK);
            assertThat(out.length()).isLessThan(bytesMax + 128);
            var page =
                    (Response.GetChildrenPage) Response.read(OpCode.GET_CHILDREN_PAGE, new Reader(out.toByteArray()));
            for (String name : page.names()) {
                int number = Integer.parseInt(name.substring("child-".length()));
                assertThat(seen.get(number)).isFalse();
                seen.set(number);
            }
            if (!page.more()) break;
            cursor = next(page);
        }
        assertThat(seen.cardinality()).isEqualTo(count);
        assertThat(pages).isGreaterThan(900);
    }

    @Example
    void aPrefixThatNobodyHasIsGivenUpInParts() {
        var loader = Database.loader().znode("", null, Acl.OPEN_UNSAFE, ZEROS);
        int count = 3 * ChildPages.EXAMINED_MAX + 10;
        for (int i = 0; i < count; i++) loader.znode("/" + i, null, Acl.OPEN_UNSAFE, ZEROS);
        Database database = loader.build(1);
        String cursor = "";
        for (int i = 0; i < 3; i++) {
            var page = read(database, new Request.GetChildrenPage("/", false, cursor, "no", 10), MANY_BYTES);
            assertThat(page.names()).isEmpty();
            assertThat(page.more()).isTrue();
            cursor = next(page);
        }
        var last = read(database, new Request.GetChildrenPage("/", false, cursor, "no", 10), MANY_BYTES);
        assertThat(last.names()).isEmpty();
        assertThat(last.more()).isFalse();
    }

    @Example
    void aLongNameFillsAPageAlone() {
        var directory = new Directory();
        for (int i = 0; i < 20; i++) directory.toggle(i + "n".repeat(1_000));
        directory.toggle("short");
        var listed = new ArrayList<String>();
        for (String cursor = ""; ; ) {
            var page = directory.page(cursor, "", 100, 100);
            assertThat(page.names()).hasSize(1);
            listed.addAll(page.names());
            if (!page.more()) break;
            cursor = next(page);
        }
        assertThat(listed).hasSize(21);
        var skipping = directory.page("", "none", 100, 100); // nor is a name said that would not fit as the cursor
        assertThat(next(skipping).length()).isLessThan(1_010);
    }

    @Example
    void refusalsAreThoseOfGetChildren() {
        var acl = List.of(new Acl(Perms.ALL & ~Perms.READ, new Id("world", "anyone")));
        Database database = Database.loader()
                .znode("", null, Acl.OPEN_UNSAFE, ZEROS)
                .znode("/secret", null, acl, ZEROS)
                .build(1);
        assertThat(refusal(database, "/nowhere", 1)).isEqualTo(ErrorCode.NO_NODE);
        assertThat(refusal(database, "/secret", 1)).isEqualTo(ErrorCode.NO_AUTH);
        assertThat(refusal(database, "/", 0)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(refusal(database, "/", -1)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    private static ErrorCode refusal(Database database, String path, int limit) {
        var out = new Writer(16);
        ErrorCode error = Reads.getChildrenPage(
                database,
                new Request.GetChildrenPage(path, false, "", "", limit),
                MANY_BYTES,
                AclRules.byDefault(),
                NOBODY,
                out);
        assertThat(out.length()).isZero();
        return error;
    }
}
