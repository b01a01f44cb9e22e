package dev.paddock.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.cli.CommandFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    Path temporary;

    @Test
    void isHeldByOneProcessAtATime() {
        Path folder = temporary.resolve("state");
        try (StateFolder held = StateFolder.hold(folder)) {
            assertThatThrownBy(() -> StateFolder.hold(folder))
                    .isInstanceOf(CommandFailed.class)
                    .hasMessage("state folder " + folder + " is in use by the `paddock up` with pid "
                            + ProcessHandle.current().pid());
            assertThat(held.folder()).isEqualTo(folder);
        }
        StateFolder.hold(folder).close();
    }

    @Test
    void countsTheServersOfAnEarlierRun() throws Exception {
        try (StateFolder state = StateFolder.hold(temporary)) {
            assertThat(state.servers()).isZero();
            for (int id = 1; id <= 3; id++) ServerFiles.write(state.server(id), id, 3, new Ports(0), Map.of());
            assertThat(state.servers()).isEqualTo(3);
        }
    }

    @Test
    void anEphemeralFolderIsGoneAtTheEnd() throws Exception {
        Path folder;
        try (StateFolder state = StateFolder.holdEphemeral(null)) {
            folder = state.folder();
            ServerFiles.write(state.server(1), 1, 1, new Ports(0), Map.of());
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void ephemeralNeverThrowsAwayAnEarlierRunsDataOrForeignFiles() throws Exception {
        Path folder = temporary.resolve("mine");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("notes.txt"), "keep");
        StateFolder.holdEphemeral(folder).close();
        assertThat(folder.resolve("notes.txt")).exists();
        assertThat(folder.resolve("logs")).doesNotExist();

        Files.createDirectories(folder.resolve("server-1"));
        assertThatThrownBy(() -> StateFolder.holdEphemeral(folder))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("holds the data of an earlier run");
    }

    @Test
    void writesWhatAServerReads() throws Exception {
        Path file = ServerFiles.write(temporary.resolve("s2"), 2, 3, new Ports(0), Map.of("tickTime", "1000"));
        assertThat(temporary.resolve("s2/data/myid")).hasContent("2");
        assertThat(Files.readAllLines(file))
                .contains(
                        "tickTime=1000",
                        "initLimit=10",
                        "syncLimit=5",
                        "clientPort=21812",
                        "clientPortAddress=127.0.0.1",
                        "server.1=127.0.0.1:28881:38881",
                        "server.3=127.0.0.1:28883:38883");
    }
}
