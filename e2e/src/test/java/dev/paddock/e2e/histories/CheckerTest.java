package dev.paddock.e2e.histories;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge is judged: what is in order it lets pass, and a lie it finds, wherever it lies. */
class CheckerTest {
    private static final int SEEDS = 20;
    private static final int OPERATIONS = 600;

    @TempDir
    static Path folder;

    private static Checker checker;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        checker = Checker.build(folder);
    }

    private static Checker.Verdict judge(List<Operation> history) throws IOException, InterruptedException {
        Path file = folder.resolve("history.jsonl");
        History.write(file, history, List.of(new History.Disturbance("none that was not made up", true, 0, 1)));
        return checker.judge(file);
    }

    @Test
    void honestHistoriesAreLegal() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Operation> history = new HonestRegisters(seed).ask(OPERATIONS);
            assertThat(history).extracting(Operation::result).contains(Result.values());
            Checker.Verdict verdict = judge(history);
            assertThat(verdict.isLegal())
                    .as("seed " + seed + "\n" + verdict.text())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aStaleReadIsIllegal(long seed) throws Exception {
        List<Operation> history = new HonestRegisters(seed).ask(OPERATIONS);
        int read = indexOf(
                history, each -> each.verb() == Verb.READ && each.seen() != null && priorTo(history, each) >= 0);
        Operation honest = history.get(read);
        Operation old = history.get(priorTo(history, honest));
        history.set(read, honest.ending(Result.OK, valueOf(old)));
        assertThat(judge(history).isIllegal(honest.key())).isTrue();
    }

    /** A write whose state is two answered writes old when the read begins; -1 if there is none. */
    private static int priorTo(List<Operation> history, Operation read) {
        List<Integer> before = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            Operation each = history.get(i);
            boolean hasWritten = each.verb() == Verb.SET && each.result() == Result.OK;
            if (hasWritten && each.key().equals(read.key()) && each.end() < read.call()) before.add(i);
        }
        return before.size() < 5 ? -1 : before.get(before.size() - 5);
    }

    private static Seen valueOf(Operation write) {
        Seen seen = write.seen();
        if (seen == null) throw new AssertionError("no answer: " + write);
        return new Seen(write.value(), seen.version(), seen.czxid(), seen.mzxid());
    }

    private static int indexOf(List<Operation> history, Predicate<Operation> wanted) {
        for (int i = history.size() / 2; i < history.size(); i++) {
            if (wanted.test(history.get(i))) return i;
        }
        throw new AssertionError("the history has no such operation");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aLostAcknowledgedWriteIsIllegal(long seed) throws Exception {
        var registers = new HonestRegisters(seed);
        registers.ask(OPERATIONS / 2);
        Seen before = registers.holds("k2");
        assertThat(before).isNotNull();
        Operation write = acknowledged(registers, "k2", -1);
        registers.forget("k2", before);
        Checker.Verdict verdict = judge(registers.ask(OPERATIONS / 2));
        assertThat(write.result()).isEqualTo(Result.OK);
        assertThat(verdict.isIllegal("k2")).as(verdict.text()).isTrue();
    }

    /** The first of such writes that somebody hears of. */
    private static Operation acknowledged(HonestRegisters registers, String key, int version) {
        for (int i = 0; ; i++) {
            Operation told = registers.step(HonestRegisters.question(Verb.SET, key, "lie-" + i, version));
            if (told.result() == Result.OK) return told;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aWriteThatHappensAlthoughItWasRefusedIsIllegal(long seed) throws Exception {
        List<Operation> history = new HonestRegisters(seed).ask(OPERATIONS);
        int write = indexOf(history, each -> each.verb() == Verb.SET && each.result() == Result.OK);
        Operation honest = history.get(write);
        history.set(write, honest.ending(Result.FULL, null));
        assertThat(judge(history).isIllegal(honest.key())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aConditionalWriteThatSucceedsTwiceIsIllegal(long seed) throws Exception {
        var registers = new HonestRegisters(seed);
        List<Operation> history = registers.ask(OPERATIONS / 2);
        for (int i = 0; i < OPERATIONS; i++) {
            int version = versionOf(registers, "k2");
            Operation first = registers.step(HonestRegisters.question(Verb.SET, "k2", "first-" + i, version));
            Operation second = registers.step(HonestRegisters.question(Verb.SET, "k2", "second-" + i, version));
            if (first.result() == Result.OK && second.result() == Result.VERSION) {
                history.set(history.size() - 1, second.ending(Result.OK, first.seen()));
                break;
            }
        }
        Checker.Verdict verdict = judge(history);
        assertThat(verdict.isIllegal("k2")).as(verdict.text()).isTrue();
    }

    private static int versionOf(HonestRegisters registers, String key) {
        Seen seen = registers.holds(key);
        if (seen == null) throw new AssertionError(key + " is not there");
        return seen.version();
    }
}
