package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told where nobody else has the history: both commands do what they say. */
class LastResortTest {
    private static final Pattern COPY = Pattern.compile("put it back: (cp .*?); where there is none");

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();

    /** Three files of ten records, a snapshot behind the first of them. */
    @BeforeEach
    void write() throws IOException {
        try (Storage storage = open()) {
            storage.recover(Records.SILENT);
            Records.append(storage.log(), 1, 10);
            storage.log().roll();
            storage.snapshots().write(database(10));
            Records.append(storage.log(), 11, 20);
            storage.log().roll();
            Records.append(storage.log(), 21, 30);
            storage.log().force();
        }
    }

    static Database database(int zxids) {
        Database database = Database.empty();
        for (long zxid = 1; zxid <= zxids; zxid++) {
            database = database.apply(TxnRecord.parse(Records.record(zxid, 10))).after();
        }
        return database;
    }

    private Storage open() throws IOException {
        var config = new NodeConfig.Storage(folder, folder, 1000, 0, 3, 0, false, NodeConfig.Log.DEFAULT);
        return Storage.open(config, TreeRules.DEFAULT, Records.AT_ONCE);
    }

    private Path file(String name) {
        return folder.resolve("version-2").resolve(name);
    }

    /** Starts, doing what is told until that succeeds. */
    private Recovered startedByGivingUp() throws Exception {
        while (true) {
            String choices;
            try (Storage storage = open()) {
                try {
                    Recovered recovered = storage.recover(Records.SILENT);
                    if (recovered.isComplete()) return recovered;
                    choices = storage.choicesForTheRest();
                } catch (DamagedFileException e) {
                    choices = storage.choices(e);
                }
            }
            assertThat(told).as("does not help").doesNotContain(choices);
            told.add(choices);
            run(choices.substring(choices.lastIndexOf(": ") + 2));
        }
    }

    static void run(String command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor())
                .as(command)
                .isZero();
    }

    private void flip(String name, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file(name));
        bytes[at] ^= 1;
        Files.write(file(name), bytes);
    }

    private int middle(String name) throws IOException {
        return (int) Files.size(file(name)) / 2;
    }

    @Test
    void aDamagedRecordIsGivenUpWithAllBehindIt() throws Exception {
        flip("log.b", middle("log.b"));
        Recovered recovered = startedByGivingUp();
        assertThat(recovered.lastZxid()).isBetween(11L, 19L);
        assertThat(told).singleElement().asString().contains("truncate -s ", "log.15.damaged");
        assertThat(file("log.15.damaged")).exists();
    }

    @Test
    void theLastRecordToo() throws Exception {
        byte[] bytes = Files.readAllBytes(file("log.15"));
        Files.write(file("log.15"), Arrays.copyOf(bytes, bytes.length - 3));
        assertThat(startedByGivingUp().lastZxid()).isEqualTo(29);
        assertThat(told).hasSize(1);
    }

    @Test
    void aFileThatIsGone() throws Exception {
        Files.delete(file("log.b"));
        assertThat(startedByGivingUp().lastZxid()).isEqualTo(10);
    }

    @Test
    void theEndOfTheLogThatIsGone() throws Exception {
        Files.delete(file("log.15"));
        assertThat(startedByGivingUp().lastZxid()).isEqualTo(20);
    }

    @Test
    void aSnapshotThatNothingStandsInFor() throws Exception {
        Files.delete(file("log.1"));
        flip("snapshot.a", middle("snapshot.a"));
        assertThat(startedByGivingUp().lastZxid()).isZero();
        assertThat(file("snapshot.a.damaged")).exists();
    }

    @Test
    void aCopyIsPutBack() throws Exception {
        byte[] copy = Files.readAllBytes(file("log.b"));
        flip("log.b", middle("log.b"));
        String choices;
        try (Storage storage = open()) {
            choices = choices(storage);
        }
        Path kept = Files.write(folder.resolve("kept"), copy);
        Matcher matcher = COPY.matcher(choices);
        assertThat(matcher.find()).as(choices).isTrue();
        run(matcher.group(1).replace("COPY", kept.toString()));
        try (Storage storage = open()) {
            assertThat(storage.recover(Records.SILENT).lastZxid()).isEqualTo(30);
        }
    }

    private static String choices(Storage storage) throws IOException {
        try {
            storage.recover(Records.SILENT);
        } catch (DamagedFileException e) {
            return storage.choices(e);
        }
        throw new AssertionError("nothing is damaged");
    }
}
