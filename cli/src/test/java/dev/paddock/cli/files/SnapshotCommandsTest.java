package dev.paddock.cli.files;

import static dev.paddock.cli.files.DataFolders.file;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.cli.MainTest;
import dev.paddock.cli.MainTest.Ran;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Txn;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code paddock snapshot}, over folders that a server's own storage wrote. */
class SnapshotCommandsTest {
    @TempDir
    Path folder;

    private static Ran snapshot(Object... words) {
        String[] all = new String[words.length + 1];
        all[0] = "snapshot";
        for (int i = 0; i < words.length; i++) all[i + 1] = words[i].toString();
        return MainTest.run(all);
    }

    private static Path gzipped(Path file) throws IOException {
        Path to = file.resolveSibling(file.getFileName() + ".gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(to))) {
            out.write(Files.readAllBytes(file));
        }
        Files.delete(file);
        return to;
    }

    @Test
    void inspectCountsWhatIsThere() throws IOException {
        Database database = DataFolders.write(folder, DataFolders.everyKind(), 5L);
        Ran ran = snapshot("inspect", folder);
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out())
                .contains("snapshot.5", "zxid        0x5 (epoch 0, counter 5)", "sessions    1", "ACLs        2 lists")
                .contains("znodes      8: 1 ephemeral, 1 containers, 1 with a time to live", "data        7 bytes")
                .contains(" computed and recorded", "7 bytes            2 znodes  /app");
        assertThat(database.lastZxid()).isEqualTo(12);
        gzipped(file(folder, "snapshot.5"));
        JsonNode json = new ObjectMapper()
                .readTree(snapshot("inspect", folder, "--json").out());
        assertThat(json.path("znodes").asInt()).isEqualTo(8);
        assertThat(json.path("digest").asText())
                .isEqualTo(json.path("recordedDigest").asText());
        assertThat(json.path("largest").get(0).path("path").asText()).isEqualTo("/app");
    }

    @Test
    void exportHoldsAllOfTheTree() throws IOException {
        Database database = DataFolders.write(folder, DataFolders.everyKind().subList(0, 11), 11L);
        Ran ran = snapshot("export", folder, "--format", "json");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        Map<String, JsonNode> znodes = new HashMap<>();
        List<JsonNode> sessions = new ArrayList<>();
        for (String line : ran.out().lines().toList()) {
            JsonNode json = new ObjectMapper().readTree(line);
            if (json.has("session")) sessions.add(json);
            else znodes.put(json.path("path").asText(), json);
        }
        assertThat(sessions).singleElement().satisfies(session -> {
            assertThat(session.path("session").asText()).isEqualTo("0x100000a0b0c0001");
            assertThat(session.path("timeoutMillis").asInt()).isEqualTo(4000);
        });
        assertThat(znodes).hasSize((int) database.znodeCount());
        assertThat(znodes.get("/ä").path("data").binaryValue())
                .isEqualTo(database.find("/ä").data());
        assertThat(znodes.get("/app").path("mzxid").asText()).isEqualTo("0x6");
        assertThat(znodes.get("/app").path("acl").get(0).path("id").asText()).isEqualTo("bob:x");
        assertThat(znodes.get("/soon").path("ttlMillis").asLong()).isEqualTo(60_000);
        assertThat(znodes.get("/app/a\nb").path("kind").asText()).isEqualTo("persistent");
        assertThat(snapshot("export", folder, "--text").out()).contains("\"text\":\"gr\\u00FCn\"");
    }

    @Test
    void verifyNamesWhatIsDamagedWhereverItIs() throws IOException {
        DataFolders.write(folder, DataFolders.creates(40), 20L, 40L);
        assertThat(snapshot("verify", folder).exitCode()).isZero();
        assertThat(snapshot("verify", folder).out().lines()).hasSize(3).allMatch(line -> line.startsWith("ok "));
        Path file = file(folder, "snapshot.28");
        byte[] whole = Files.readAllBytes(file);
        var random = new Random(5);
        for (int i = 0; i < 200; i++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            assertDamaged(file, changed);
        }
        byte[] zeroed = whole.clone();
        Arrays.fill(zeroed, 512, 1024, (byte) 0);
        assertDamaged(file, zeroed);
        assertDamaged(file, Arrays.copyOf(whole, whole.length / 2));
        assertDamaged(file, Arrays.copyOf(whole, whole.length - 1));
        assertDamaged(file, new byte[0]);
        assertDamaged(file, Arrays.copyOf(whole, whole.length + 1));
        Ran both = snapshot("verify", folder);
        assertThat(both.out().lines().filter(line -> line.startsWith("ok "))).hasSize(2);
        assertThat(both.err().lines())
                .singleElement()
                .asString()
                .startsWith("paddock: 1 of 3 snapshots is not as written");
    }

    private static void assertDamaged(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        Ran ran = snapshot("verify", file);
        assertThat(ran.exitCode()).as(ran.out()).isEqualTo(1);
        assertThat(ran.out()).contains("DAMAGED  " + file + " is damaged at offset ");
        assertThat(snapshot("inspect", file).exitCode()).isEqualTo(1);
        assertThat(snapshot("export", file).err()).contains("is damaged at offset ");
    }

    @Test
    void verifyComparesTheDigest() throws IOException {
        DataFolders.write(folder, DataFolders.creates(10), 10L);
        Path file = file(folder, "snapshot.a");
        byte[] bytes = Files.readAllBytes(file);
        int digestAt = bytes.length - 13 - 8 - 13 - 8;
        bytes[digestAt] ^= 1;
        reseal(bytes, digestAt + 8);
        reseal(bytes, bytes.length - 13);
        Files.write(file, bytes);
        Ran ran = snapshot("verify", file);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).startsWith("WRONG    " + file);
    }

    /** Makes a checksum fit what was changed before it. */
    private static void reseal(byte[] bytes, int at) {
        var sum = new java.util.zip.Adler32();
        sum.update(bytes, 0, at);
        java.nio.ByteBuffer.wrap(bytes).putLong(at, sum.getValue());
    }

    @Test
    void diffTellsWhatWasAddedRemovedAndChanged() throws IOException {
        DataFolders.write(folder, DataFolders.everyKind(), 5L, 12L);
        Ran ran = snapshot("diff", file(folder, "snapshot.5"), file(folder, "snapshot.c"));
        assertThat(ran.exitCode()).as(ran.err()).isEqualTo(1);
        assertThat(ran.out())
                .contains(
                        "- session 0x100000a0b0c0001 timeout 4000 ms",
                        "+ /app/a\\u000ab 5 bytes",
                        "- /app/here 2 bytes")
                .contains("+ /ä 5 bytes", "- /box null", "~ /app: data 5 bytes -> 3 bytes, acl world:anyone:cdrwa -> ")
                .contains("2 added, 2 removed, 2 changed; 1 session not the same");
        assertThat(snapshot("diff", folder, file(folder, "snapshot.c")).out()).contains("the same");
        assertThat(snapshot("diff", folder, folder).exitCode()).isZero();
        Ran content = snapshot("diff", "--content", file(folder, "snapshot.5"), folder);
        assertThat(content.out()).contains("2 added, 2 removed, 1 changed").doesNotContain("session", "pzxid");
    }

    @Test
    void diffGoesToAnyZxidOfTheLog() throws IOException {
        DataFolders.write(folder, DataFolders.everyKind(), 5L, 12L);
        Ran one = snapshot("diff", folder + "@0x5", folder + "@0x6");
        assertThat(one.exitCode()).isEqualTo(1);
        assertThat(one.out()).contains("~ /app: data 5 bytes -> 3 bytes", "0 added, 0 removed, 1 changed");
        assertThat(snapshot("diff", file(folder, "snapshot.5") + "@0xc", folder).exitCode())
                .isZero();
        assertThat(snapshot("diff", folder + "@0x7", folder + "@0x8").out()).contains("the same");
        assertThat(snapshot("diff", folder + "@0x99", folder).err()).contains("goes up to 0xc, not to 0x99");
    }

    @Test
    void bothDirectionsTellTheSame(@TempDir Path other) throws IOException {
        List<Txn> txns = new ArrayList<>(DataFolders.creates(200));
        DataFolders.write(folder, txns, 200L);
        DataFolders.write(other, List.of(new Txn.Create("/x", null, Acl.OPEN_UNSAFE, false, 1)));
        assertThat(snapshot("diff", folder, other).out()).contains("1 added, 200 removed");
        assertThat(snapshot("diff", other, folder).out()).contains("200 added, 1 removed");
    }

    @Test
    void whatIsNotThereIsOneLine() {
        assertThat(snapshot("inspect", folder).err()).contains("has no snapshots (snapshot.ZXID)");
        assertThat(snapshot("diff", folder, folder.resolve("b")).exitCode()).isEqualTo(1);
        assertThat(snapshot("export", folder, "--format", "xml").exitCode()).isEqualTo(2);
    }
}
