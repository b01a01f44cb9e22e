package dev.paddock.cli.files;

import static dev.paddock.cli.files.DataFolders.file;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.cli.MainTest;
import dev.paddock.cli.MainTest.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code paddock log}, over folders that a server's own storage wrote. */
class LogCommandsTest {
    @TempDir
    Path folder;

    private static Ran log(Object... words) {
        String[] all = new String[words.length + 1];
        all[0] = "log";
        for (int i = 0; i < words.length; i++) all[i + 1] = words[i].toString();
        return MainTest.run(all);
    }

    @Test
    void dumpPrintsEveryTransactionOnALine() throws IOException {
        DataFolders.write(folder, DataFolders.everyKind(), 6L);
        Ran ran = log("dump", folder);
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        String start = "2025-10-09T08:53:20.002Z session 0x100000a0b0c0001 cxid 0x2 zxid 0x2 ";
        assertThat(ran.out().lines().toList()).hasSize(12).contains(start + "create /app 5 bytes");
        assertThat(ran.out().lines().map(line -> line.replaceAll(".* zxid 0x[0-9a-f]+ ", "")))
                .containsExactly(
                        "createSession timeout 4000 ms",
                        "create /app 5 bytes",
                        "create2 /app/here 2 bytes ephemeral",
                        "createContainer /box null",
                        "createTTL /soon 0 bytes ttl 60000 ms",
                        "setData /app 3 bytes version 1",
                        "multi of 3: create /app/a\\u000ab 5 bytes; check /app version 1; delete /app/here",
                        "error -110 NODE_EXISTS",
                        "setACL /app digest:bob:x:cdrwa,world:anyone:r",
                        "deleteContainer /box",
                        "create /ä 5 bytes",
                        "closeSession 0 ephemerals");
        assertThat(log("dump", folder, "--from", "0x5", "--to", "0x7").out().lines())
                .hasSize(3);
        assertThat(log("dump", file(folder, "log.7")).out().lines())
                .as("one file")
                .hasSize(6);
    }

    @Test
    void dumpPrintsJson() throws IOException {
        DataFolders.write(folder, DataFolders.everyKind());
        Ran ran = log("dump", folder, "--json", "--data");
        assertThat(ran.exitCode()).isZero();
        var mapper = new ObjectMapper();
        assertThat(ran.out().lines()).hasSize(12);
        JsonNode create = mapper.readTree(ran.out().lines().toList().get(1));
        assertThat(create.path("zxid").asText()).isEqualTo("0x2");
        assertThat(create.path("path").asText()).isEqualTo("/app");
        assertThat(create.path("dataLength").asInt()).isEqualTo(5);
        assertThat(create.path("data").binaryValue()).asString().isEqualTo("hello");
        assertThat(create.path("timeMillis").asLong()).isEqualTo(DataFolders.TIME + 2);
        assertThat(create.path("file").asText()).isEqualTo("log.1");
        JsonNode multi = mapper.readTree(ran.out().lines().toList().get(6));
        assertThat(multi.path("txns").get(0).path("path").asText()).isEqualTo("/app/a\nb");
    }

    @Test
    void atTellsAllOfOneAndWhereItLies() throws IOException {
        DataFolders.write(folder, DataFolders.everyKind(), 6L);
        Ran ran = log("at", "0x7", folder);
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out())
                .contains(
                        "file        " + file(folder, "log.7"),
                        "offset      16",
                        "zxid        0x7",
                        "type        multi")
                .contains("  path        /app/a\\u000ab", "  data        5 bytes \"hello\"", "  type        delete");
        JsonNode json =
                new ObjectMapper().readTree(log("at", "0x3", folder, "--json").out());
        assertThat(json.path("data").asText()).isEqualTo(Base64.getEncoder().encodeToString(new byte[] {0, -1}));
        assertThat(json.path("ephemeral").asBoolean()).isTrue();
        byte[] bytes = Files.readAllBytes(file(folder, "log.1"));
        int offset = json.path("offset").asInt();
        assertThat(bytes[offset + 12 + json.path("bytes").asInt()])
                .as("the end mark")
                .isEqualTo((byte) 0x42);
        Ran absent = log("at", "0x99", folder);
        assertThat(absent.exitCode()).isEqualTo(1);
        assertThat(absent.err()).startsWith("paddock: the log in").contains("has no transaction 0x99");
    }

    @Test
    void verifySaysThatAWholeLogIsWhole() throws IOException {
        DataFolders.write(folder, DataFolders.creates(50), 20L, 40L);
        Ran ran = log("verify", folder);
        assertThat(ran.exitCode()).as(ran.out()).isZero();
        assertThat(ran.out()).isEqualToNormalizingNewlines("3 files, 50 transactions, 0x1 to 0x32: as written\n");
    }

    @Test
    void verifyNamesDamageWithFileAndOffsetAndGoesOn() throws IOException {
        DataFolders.write(folder, DataFolders.creates(50), 20L, 40L);
        Path middle = file(folder, "log.15");
        byte[] bytes = Files.readAllBytes(middle);
        bytes[400] ^= 1;
        Files.write(middle, bytes);
        Ran ran = log("verify", folder);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).contains("DAMAGED  " + middle + " is damaged at offset ", "checksum does not fit");
        assertThat(ran.out()).as("what is behind is read").contains("0x32");
        assertThat(ran.err().lines())
                .singleElement()
                .asString()
                .startsWith("paddock: 1 place in the log is not as written");
        assertThat(log("dump", folder).exitCode()).isEqualTo(1);
    }

    @Test
    void verifyTellsATornTailFromDamage() throws IOException {
        DataFolders.write(folder, DataFolders.creates(50), 20L, 40L);
        Path last = file(folder, "log.29");
        long end =
                Long.parseLong(log("at", "0x32", folder, "--json").out().replaceAll("(?s).*\"offset\":(\\d+).*", "$1"));
        byte[] bytes = Files.readAllBytes(last);
        Files.write(last, Arrays.copyOf(bytes, (int) end + 20));
        Ran ran = log("verify", folder);
        assertThat(ran.exitCode()).as(ran.out()).isZero();
        assertThat(ran.out())
                .contains("torn     " + last + ", offset " + end, "49 transactions", "a start cuts it off");
        assertThat(Files.size(last)).as("nothing is changed").isEqualTo(end + 20);
    }

    @Test
    void verifyKnowsWhichGapsASnapshotCovers() throws IOException {
        DataFolders.write(folder, DataFolders.creates(50), 20L, 40L);
        Files.delete(file(folder, "log.15"));
        Ran covered = log("verify", folder);
        assertThat(covered.exitCode()).isZero();
        assertThat(covered.out()).contains("gap ", "after 0x14 comes 0x29", "snapshot of 0x28");
        assertThat(log("dump", folder).exitCode()).isZero();
        assertThat(log("dump", folder).err()).contains("after 0x14 the log has 0x29");
        Files.delete(file(folder, "snapshot.28"));
        assertThat(log("verify", folder).exitCode()).isEqualTo(1);
    }

    @Test
    void whatIsNotThereOrWronglySaidIsOneLine() {
        assertThat(log("verify", folder.resolve("nowhere")).err()).endsWith("is not there" + System.lineSeparator());
        assertThat(log("verify", folder).err()).contains("has no logs (log.ZXID)");
        assertThat(log("verify", folder).exitCode()).isEqualTo(1);
        assertThat(log("at", "12", folder).exitCode()).isEqualTo(2);
        assertThat(log("frobnicate").exitCode()).isEqualTo(2);
        assertThat(log().exitCode()).isEqualTo(2);
    }
}
