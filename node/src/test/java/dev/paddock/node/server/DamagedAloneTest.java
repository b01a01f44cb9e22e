package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.log.DataFolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A single server, one of whose files is not what was written. It has everything all the same, or refuses with file, offset and
 * two commands: one brings back a copy, the other gives up what is lost.
 */
class DamagedAloneTest {
    private static final int WRITES = 20;
    private static final Pattern REFUSAL = Pattern.compile(
            ".*/data1/(\\S+).* offset \\d+.*put it back: (cp (?:-n )?COPY\\S* \\S+); .*: (\\S+ -?\\S+ .*)");

    @TempDir
    Path folder;

    private LocalEnsemble ensemble;
    private Path data;
    private Path whole;

    private enum Damage {
        FLIPPED,
        GONE
    }

    @BeforeEach
    void write() throws Exception {
        ensemble = new LocalEnsemble(folder, 1, "snapCount=12");
        data = folder.resolve("data1");
        whole = folder.resolve("whole");
        ensemble.start(1);
        ZooKeeper client = DamagedServerTest.client(ensemble.connectString(1));
        for (int i = 0; i < WRITES; i++) {
            client.create("/w" + i, new byte[100], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        client.close();
        ensemble.stop(1);
        copy(data, whole);
    }

    @AfterEach
    void close() {
        ensemble.close();
    }

    @Test
    void hasEverythingOrTellsWhatToDo() throws Exception {
        List<String> refused = new ArrayList<>();
        for (String file : files()) {
            for (Damage damage : Damage.values()) {
                bringBack(whole);
                strike(data.resolve(file), damage);
                Path struck = folder.resolve("struck-" + damage + "-" + file.replace('/', '-'));
                copy(data, struck);
                if (hasEverything(file + " " + damage)) continue;
                refused.add(file + " " + damage);
                Matcher told = told();
                bringBack(struck);
                boolean isFolder = told.group(2).contains("COPY/");
                run(told.group(2)
                        .replace(
                                "COPY",
                                whole.resolve(isFolder ? "version-2" : told.group(1))
                                        .toString()));
                assertThat(hasEverything("after " + told.group(2))).isTrue();
                bringBack(struck);
                run(told.group(3));
                ensemble.start(1);
                ensemble.awaitServing();
                ensemble.stop(1);
            }
        }
        assertThat(refused).anyMatch(each -> each.contains("log.") && each.endsWith("FLIPPED"));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(whole)) {
            return all.filter(Files::isRegularFile)
                    .map(path -> whole.relativize(path).toString())
                    .filter(name -> !name.equals("myid"))
                    .sorted()
                    .toList();
        }
    }

    private static void strike(Path file, Damage damage) throws IOException {
        if (damage == Damage.GONE) {
            Files.delete(file);
            return;
        }
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) end--; // what was made ahead
        if (end > 0) bytes[end / 2] ^= 4;
        Files.write(file, bytes);
    }

    /** Whether it starts; then it has all. */
    private boolean hasEverything(String when) throws Exception {
        try {
            ensemble.start(1);
        } catch (DataFolderException refusal) {
            return false;
        }
        ensemble.awaitServing();
        ZooKeeper client = DamagedServerTest.client(ensemble.connectString(1));
        for (int i = 0; i < WRITES; i++) {
            assertThat(client.exists("/w" + i, false)).as("%s: /w%d", when, i).isNotNull();
        }
        client.close();
        ensemble.stop(1);
        return true;
    }

    private Matcher told() {
        var refusal = catchThrowableOfType(
                DataFolderException.class, () -> Node.start(NodeConfig.read(ensemble.config(1)), e -> {}));
        Matcher told = REFUSAL.matcher(String.valueOf(refusal.getMessage()));
        assertThat(told.matches()).as(refusal.getMessage()).isTrue();
        return told;
    }

    private static void run(String command) throws Exception {
        var process = new ProcessBuilder("sh", "-c", command).inheritIO().start();
        assertThat(process.waitFor()).as(command).isZero();
    }

    private void bringBack(Path from) throws Exception {
        run("rm -rf " + data + " && cp -a " + from + " " + data);
    }

    private static void copy(Path from, Path to) throws Exception {
        run("cp -a " + from + " " + to);
    }
}
