package dev.paddock.e2e.histories;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the judge says of plain reads: they may be late, and no more than that. */
class SessionCheckTest {
    private static final int WRITER = 0;
    private static final int READER = 1;

    @TempDir
    static Path folder;

    private static Checker checker;

    /** a and then c at zxids 1 and 3, of another key b and then d at 2 and 4; nothing is ever deleted. */
    private final List<Operation> history = new ArrayList<>();

    private final Seen a = new Seen("a", 0, 1, 1);
    private final Seen b = new Seen("b", 0, 2, 2);
    private final Seen c = new Seen("c", 1, 1, 3);
    private final Seen d = new Seen("d", 1, 2, 4);

    SessionCheckTest() {
        write(Verb.CREATE, "k3", a);
        write(Verb.CREATE, "k4", b);
        write(Verb.SET, "k3", c);
        write(Verb.SET, "k4", d);
    }

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        checker = Checker.build(folder);
    }

    private void write(Verb verb, String key, Seen left) {
        add(WRITER, 0, verb, key, left.value(), Result.OK, new Seen("", left.version(), left.czxid(), left.mzxid()));
    }

    private void peek(int client, int session, String key, @Nullable Seen shown) {
        add(client, session, Verb.PEEK, key, "", shown == null ? Result.NONE : Result.OK, shown);
    }

    private void add(int client, int session, Verb verb, String key, String value, Result result, @Nullable Seen seen) {
        long call = 10L * history.size();
        history.add(new Operation(client, session, verb, key, value, -1, call, call + 5, result, seen));
    }

    private boolean isLegal() throws IOException, InterruptedException {
        Path file = folder.resolve("history.jsonl");
        History.write(file, history, List.of());
        Checker.Verdict verdict = checker.judge(file);
        assertThat(verdict.isLegal()).as(verdict.text()).isNotEqualTo(verdict.isIllegal("sessions"));
        return verdict.isLegal();
    }

    @Test
    void plainReadsMayBeLate() throws Exception {
        peek(READER, 0, "k3", null);
        peek(READER, 0, "k3", a);
        peek(READER, 0, "k4", b);
        peek(READER, 0, "k3", a);
        peek(READER, 0, "k3", c);
        assertThat(isLegal()).isTrue();
    }

    @Test
    void aKeyGoesBackInNoSession() throws Exception {
        peek(READER, 0, "k3", c);
        peek(READER, 0, "k3", a);
        assertThat(isLegal()).isFalse();
    }

    @Test
    void noKeyIsOlderThanWhatTheSessionSawOfAnother() throws Exception {
        peek(READER, 0, "k4", d);
        peek(READER, 0, "k3", a);
        assertThat(isLegal()).isFalse();
    }

    @Test
    void anotherSessionBeginsAnew() throws Exception {
        peek(READER, 0, "k4", d);
        peek(READER, 1, "k3", a);
        assertThat(isLegal()).isTrue();
    }

    @Test
    void aSessionSeesItsOwnWrites() throws Exception {
        peek(WRITER, 0, "k4", b);
        assertThat(isLegal()).isFalse();
    }

    @Test
    void nothingGoesThatNobodyDeletes() throws Exception {
        peek(READER, 0, "k4", d);
        peek(READER, 0, "k3", null);
        assertThat(isLegal()).isFalse();
    }

    @Test
    void nothingIsShownThatNobodyWrote() throws Exception {
        peek(READER, 0, "k4", new Seen("e", 2, 2, 5));
        assertThat(isLegal()).isFalse();
    }

    @Test
    void nothingIsShownThatWasRefused() throws Exception {
        add(WRITER, 0, Verb.SET, "k4", "e", Result.VERSION, null);
        peek(READER, 0, "k4", new Seen("e", 2, 2, 5));
        assertThat(isLegal()).isFalse();
    }

    @Test
    void oneZxidHasOneState() throws Exception {
        peek(READER, 0, "k4", new Seen("b", 0, 2, 4));
        assertThat(isLegal()).isFalse();
    }
}
