package dev.paddock.node.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Histories;
import dev.paddock.node.tree.Znode;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadsTest {
    private static final AclRules RULES = AclRules.byDefault();
    private static final List<Id> NOBODY = List.of(new Id("ip", "127.0.0.1"));

    private static final long SESSION = 0x5e;
    private static final Znode.Stored ZEROS = new Znode.Stored(0, 0, 0, 0, 0, 0, 0, 0, 0);

    private interface Quick {
        ErrorCode write(Database database, byte[] path, int from, int to, AclRules rules, List<Id> ids, Writer out);
    }

    /** The quick ways write the bytes of the records. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void quickWaysSayTheSame(long seed) {
        var histories = new Histories(seed);
        Database database = Database.empty();
        for (int i = 0; i < 300; i++) {
            database = database.apply(histories.next(database)).after();
            String path = i % 9 == 0 ? "/" : histories.path();
            compare(database, path, new Request.GetData(path, false), Reads::getData);
            compare(database, path, new Request.Exists(path, false), Reads::exists);
            compare(database, path, new Request.GetChildren(path, false), Reads::getChildren);
            compare(database, path, new Request.GetChildren2(path, false), Reads::getChildren2);
        }
        compare(database, "/a\0b", new Request.Exists("/a\0b", false), Reads::exists);
    }

    private static void compare(Database database, String path, Request request, Quick quick) {
        byte[] buf = ("??" + path + "/??").getBytes(StandardCharsets.UTF_8);
        var out = new Writer(4);
        ErrorCode error = quick.write(database, buf, 2, buf.length - 3, RULES, NOBODY, out);
        switch (Reads.answer(database, request, 1, RULES, NOBODY)) {
            case Answer.Refused(ErrorCode expected) -> {
                assertThat(error).as(path).isEqualTo(expected);
                assertThat(out.length()).isZero();
            }
            case Answer.Encoded(Writer body, ErrorCode partly) ->
                throw new AssertionError("only a multiRead may be long");
            case Answer.Reply(Response response) -> {
                assertThat(error).as(path).isEqualTo(ErrorCode.OK);
                var expected = new Writer(64);
                response.write(expected);
                assertThat(out.toByteArray()).as(path).isEqualTo(expected.toByteArray());
            }
        }
    }

    /** What Apache trims off a prefix ends at the space. */
    @ParameterizedTest
    @CsvSource({"' /a/', 0", "/a, 1", "/b, 0", "/, 1", "' / ', 1", "'', 1", "'\u000f\t', 1", "'\u2003', 0"})
    void ephemeralsBelowAPrefix(String prefix, int count) {
        var owned = new Znode.Stored(1, 1, 0, 0, 0, 0, 0, SESSION, 1);
        Database database = Database.loader()
                .znode("", null, Acl.OPEN_UNSAFE, ZEROS)
                .znode("/a", null, Acl.OPEN_UNSAFE, owned)
                .build(1);
        Answer answer = Reads.answer(database, new Request.GetEphemerals(prefix), SESSION, RULES, NOBODY);
        assertThat(answer)
                .isEqualTo(new Answer.Reply(
                        new Response.GetEphemerals(List.of("/a").subList(0, count))));
    }

    @Test
    void hashesOfDigestsAreForThoseWhoMayChangeThem() {
        List<Acl> acl = List.of(
                new Acl(Perms.ALL, new Id("digest", "bob:hash")), new Acl(Perms.READ, new Id("ip", "127.0.0.1")));
        Database database = Database.loader().znode("", null, acl, ZEROS).build(1);
        assertThat(aclShown(database, NOBODY))
                .containsExactly(
                        new Acl(Perms.ALL, new Id("digest", "bob:x")), new Acl(Perms.READ, new Id("ip", "127.0.0.1")));
        assertThat(aclShown(database, List.of(new Id("digest", "bob:hash")))).isEqualTo(acl);
        assertThat(aclShown(database, List.of(new Id("super", "")))).isEqualTo(acl);
        assertThat(Reads.answer(database, new Request.GetAcl("/"), 1, RULES, List.of(new Id("ip", "10.0.0.1"))))
                .isEqualTo(new Answer.Refused(ErrorCode.NO_AUTH));
    }

    private static List<Acl> aclShown(Database database, List<Id> ids) {
        Answer answer = Reads.answer(database, new Request.GetAcl("/"), 1, RULES, ids);
        return ((Response.GetAcl) ((Answer.Reply) answer).response()).acl();
    }

    @Test
    void whatIsNoReadIsUnimplemented() {
        for (Request request : List.of(new Request.Delete("/", 1), new Request.Ping(), new Request.AddWatch("/", 0))) {
            assertThat(Reads.answer(Database.empty(), request, 1, RULES, NOBODY))
                    .isEqualTo(new Answer.Refused(ErrorCode.UNIMPLEMENTED));
        }
    }

    @Test
    void aMultiReadIsAnsweredUpToABound() {
        Database database = Database.loader()
                .znode("", null, Acl.OPEN_UNSAFE, ZEROS)
                .znode("/big", new byte[1 << 20], Acl.OPEN_UNSAFE, ZEROS)
                .build(1);
        var big = new Request.GetData("/big", false);
        Answer longest = Reads.answer(database, new Request.MultiRead(Collections.nCopies(16, big)), 1, RULES, NOBODY);
        assertThat(((Answer.Encoded) longest).body().length()).isGreaterThan(16 << 20);
        Answer tooLong =
                Reads.answer(database, new Request.MultiRead(Collections.nCopies(65_000, big)), 1, RULES, NOBODY);
        assertThat(tooLong).isEqualTo(new Answer.Refused(ErrorCode.BAD_ARGUMENTS));
    }

    @Test
    void childrenInAMultiReadAreBoundToo() {
        var loader = Database.loader().znode("", null, Acl.OPEN_UNSAFE, ZEROS);
        for (int i = 0; i < 1_000; i++) loader.znode("/" + i + "n".repeat(1_000), null, Acl.OPEN_UNSAFE, ZEROS);
        var list = new Request.GetChildren("/", false);
        Database database = loader.build(1);
        assertThat(Reads.answer(database, new Request.MultiRead(Collections.nCopies(16, list)), 1, RULES, NOBODY))
                .isInstanceOf(Answer.Encoded.class);
        assertThat(Reads.answer(database, new Request.MultiRead(Collections.nCopies(100, list)), 1, RULES, NOBODY))
                .isEqualTo(new Answer.Refused(ErrorCode.BAD_ARGUMENTS));
    }

    /** As Apache stumbles over it: what it has read before goes out beside the error. */
    @Test
    void aReadOfNothingEndsAMultiReadWithWhatCameBefore() {
        var reads = new Request.MultiRead(List.of(new Request.GetData("/", false), new Request.GetData(null, false)));
        var answer = (Answer.Encoded) Reads.answer(Database.empty(), reads, 1, AclRules.byDefault(), NOBODY);
        assertThat(answer.error()).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        var before = new Request.MultiRead(List.of(new Request.GetData("/", false)));
        var expected = (Answer.Encoded) Reads.answer(Database.empty(), before, 1, AclRules.byDefault(), NOBODY);
        assertThat(answer.body().toByteArray()).isEqualTo(expected.body().toByteArray());
    }

    @Test
    void theRootIsAmongWhatIsBelowTheEmptyPath() {
        assertThat(number("/")).isEqualTo(new Answer.Reply(new Response.GetAllChildrenNumber(3)));
        assertThat(number("")).isEqualTo(new Answer.Reply(new Response.GetAllChildrenNumber(4)));
    }

    private static Answer number(String path) {
        var request = new Request.GetAllChildrenNumber(path);
        return Reads.answer(Database.empty(), request, 1, AclRules.byDefault(), NOBODY);
    }
}
