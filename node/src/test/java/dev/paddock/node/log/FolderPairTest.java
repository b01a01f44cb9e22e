package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.tree.TreeRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log on a disk of its own, which is not there at a start. */
class FolderPairTest {
    @TempDir
    Path folder;

    private Storage open() throws IOException {
        var config = new NodeConfig.Storage(
                folder.resolve("data"), folder.resolve("log"), 1000, 1 << 16, 3, 0, false, NodeConfig.Log.DEFAULT);
        return Storage.open(config, TreeRules.DEFAULT, Records.AT_ONCE);
    }

    private void write() throws IOException {
        try (Storage storage = open()) {
            storage.recover(Records.SILENT);
            Records.append(storage.log(), 1, 20);
            storage.log().force();
        }
    }

    private Recovered recovered() throws IOException {
        try (Storage storage = open()) {
            return storage.recover(Records.SILENT);
        }
    }

    /** The place where it is mounted is there, and empty. */
    private void unmount() throws IOException {
        Files.move(folder.resolve("log"), folder.resolve("unmounted"));
        Files.createDirectory(folder.resolve("log"));
    }

    private void mount() throws IOException {
        Files.move(folder.resolve("log"), folder.resolve("beneath"));
        Files.move(folder.resolve("unmounted"), folder.resolve("log"));
    }

    @Test
    void anEmptyFolderIsNotTakenForTheLog() throws IOException {
        write();
        assertThat(recovered().isComplete()).isTrue();
        unmount();
        for (int start = 0; start < 2; start++) {
            Recovered recovered = recovered();
            assertThat(recovered.isComplete()).isFalse();
            assertThat(recovered.notes().getLast()).contains("is the disk of dataLogDir mounted?");
        }
        mount();
        Recovered recovered = recovered();
        assertThat(recovered.isComplete()).isTrue();
        assertThat(recovered.lastZxid()).isEqualTo(20);
    }

    @Test
    void aLeadersHistoryMakesUpForIt() throws IOException {
        write();
        unmount();
        try (Storage storage = open()) {
            storage.recover(Records.SILENT);
            Records.append(storage.log(), 1, 25);
            storage.log().force();
            storage.epochs().storeAccepted(1);
            storage.storeCurrentEpoch(1);
        }
        assertThat(recovered().isComplete()).isTrue();
    }

    @Test
    void whatAPersonIsToldGivesItUp() throws Exception {
        write();
        unmount();
        String told;
        try (Storage storage = open()) {
            storage.recover(Records.SILENT);
            told = storage.choicesForTheRest();
        }
        LastResortTest.run(told.substring(told.lastIndexOf(": ") + 2));
        Recovered recovered = recovered();
        assertThat(recovered.isComplete()).isTrue();
        assertThat(recovered.lastZxid()).isZero();
    }

    /** As of a server before this one, or of Apache's. */
    @Test
    void foldersThatWereNeverJoinedAre() throws IOException {
        write();
        Files.delete(folder.resolve("data/paddock/pair"));
        assertThat(recovered().isComplete()).isTrue();
        assertThat(Files.readString(folder.resolve("data/paddock/pair")))
                .isEqualTo(Files.readString(folder.resolve("log/paddock/pair")));
    }
}
