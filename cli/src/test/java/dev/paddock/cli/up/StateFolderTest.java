package dev.paddock.cli.up;

import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.cli.CommandFailed;
import dev.paddock.operator.planner.Membership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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
    void knowsTheServersOfAnEarlierRun() throws Exception {
        try (StateFolder state = StateFolder.hold(temporary)) {
            assertThat(state.servers()).isEmpty();
            for (int id = 1; id <= 3; id++) write(state.server(id), id, Map.of());
            assertThat(state.servers()).containsExactly(1, 2, 3);
            files(state.server(2), 2).retire();
            assertThat(state.servers()).containsExactly(1, 3);
            assertThat(state.server(2).resolve("data/myid")).exists();
        }
    }

    @Test
    void keepsAPasswordThatOnlyTheOwnerReads() throws Exception {
        try (StateFolder state = StateFolder.hold(temporary)) {
            String password = state.password();
            assertThat(password).hasSizeGreaterThanOrEqualTo(32);
            assertThat(state.password()).isEqualTo(password);
            assertThat(Files.getPosixFilePermissions(temporary.resolve("password")))
                    .containsExactlyInAnyOrder(OWNER_READ, OWNER_WRITE);
        }
    }

    private static ServerFiles files(Path folder, int id) {
        return new ServerFiles(folder, id, new Ports(0));
    }

    private static Path write(Path folder, int id, Map<String, String> config) throws IOException {
        return files(folder, id).write(new TreeSet<>(List.of(1, 2, 3)), config, "secret");
    }

    @Test
    void anEphemeralFolderIsGoneAtTheEnd() throws Exception {
        Path folder;
        try (StateFolder state = StateFolder.holdEphemeral(null)) {
            folder = state.folder();
            write(state.server(1), 1, Map.of());
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
        Path file = write(temporary.resolve("s2"), 2, Map.of("tickTime", "1000"));
        assertThat(temporary.resolve("s2/data/myid")).hasContent("2");
        assertThat(Files.readAllLines(file))
                .contains(
                        "tickTime=1000",
                        "initLimit=10",
                        "syncLimit=5",
                        "clientPort=21812",
                        "clientPortAddress=127.0.0.1",
                        "reconfigEnabled=true",
                        "standaloneEnabled=false",
                        "DigestAuthenticationProvider.superDigest=super:lK75jTNcA+U9vtVEw5vB51mj/w4=",
                        "server.1=127.0.0.1:28881:38881:participant;127.0.0.1:21811",
                        "server.3=127.0.0.1:28883:38883:participant;127.0.0.1:21813");
    }

    @Test
    void whatTheManifestSaysGoesBeforeWhatIsUsual() throws Exception {
        Path file = write(
                temporary, 1, Map.of("reconfigEnabled", "false", "DigestAuthenticationProvider.superDigest", "me:x"));
        assertThat(Files.readAllLines(file))
                .contains("reconfigEnabled=false", "DigestAuthenticationProvider.superDigest=me:x")
                .noneMatch(line -> line.contains("super:"));
    }

    @Test
    void aServerKeepsTheListOfMembersThatAChangeLeft() throws Exception {
        Path file = write(temporary, 1, Map.of());
        Files.write(file, List.of("tickTime=2000", "dynamicConfigFile=zoo.cfg.dynamic.100000003"));
        write(temporary, 1, Map.of("tickTime", "1000"));
        assertThat(Files.readAllLines(file))
                .contains("tickTime=1000", "dynamicConfigFile=zoo.cfg.dynamic.100000003")
                .noneMatch(line -> line.startsWith("server."));
    }

    @Test
    void aServerThatHadNotJoinedYetGoesOnJoining() throws Exception {
        var members = new Membership(new TreeSet<>(List.of(1, 2, 3)), new TreeSet<>(), 0);
        Path file = files(temporary, 4).writeJoining(members, Map.of(), "secret");
        List<String> joining = Files.readAllLines(file);
        assertThat(joining)
                .contains("server.4=127.0.0.1:28884:38884:observer;127.0.0.1:21814")
                .contains("server.1=127.0.0.1:28881:38881:participant;127.0.0.1:21811");
        assertThat(files(temporary, 4).isJoining()).isTrue();
        write(temporary, 4, Map.of());
        assertThat(Files.readAllLines(file)).isEqualTo(joining);
    }
}
