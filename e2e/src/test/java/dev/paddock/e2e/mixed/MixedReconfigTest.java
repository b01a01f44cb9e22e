package dev.paddock.e2e.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.Writers;
import dev.paddock.e2e.histories.Agreement;
import dev.paddock.e2e.histories.MembersDesk;
import dev.paddock.e2e.histories.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The leader is taken out, and the one of the other kind that follows it loses its vote, while clients write. */
class MixedReconfigTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int SOME = 50; // writes that have to go on after each change

    @TempDir
    Path folder;

    private Servers servers;

    static List<Mixture> mixtures() {
        return Mixture.chosen();
    }

    @AfterEach
    void closeAll() {
        if (servers != null) servers.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mixtures")
    void leadersOfBothKindsGoWhileClientsWrite(Mixture mixture) throws Exception {
        servers = mixture.begin(folder);
        mixture.complete(servers);
        Set<String> acknowledged;
        try (var writers = new Writers(servers.clients());
                var desk = new MembersDesk(servers, servers.clients())) {
            int first = mixture.leader();
            desk.remove(first);
            int second = awaitAnotherLeader(first);
            assertThat(mixture.isApache(second)).as("kind of leader %d", second).isNotEqualTo(mixture.isApache(first));
            writesGoOn(writers);
            desk.add(first);
            servers.awaitServing(servers.sids());
            desk.addObserver(second);
            awaitAnotherLeader(second);
            await().atMost(PATIENCE).until(() -> servers.word(second, "srvr").contains("Mode: observer\n"));
            writesGoOn(writers);
            desk.add(second);
            servers.awaitServing(servers.sids());
            writesGoOn(writers);
            acknowledged = new HashSet<>(writers.stop());
            for (int sid : servers.sids()) hasAll(sid, acknowledged);
        }
        Agreement.check(servers);
    }

    private int awaitAnotherLeader(int former) {
        return await("another leader than " + former)
                .atMost(PATIENCE)
                .until(() -> servers.awaitLeader(), sid -> sid != former);
    }

    private static void writesGoOn(Writers writers) {
        int before = writers.acknowledged().size();
        await("that writes go on")
                .atMost(PATIENCE)
                .until(() -> writers.acknowledged().size() > before + SOME);
    }

    private void hasAll(int sid, Set<String> acknowledged) throws Exception {
        assertThat(Writers.missingAt(servers.client(sid), acknowledged))
                .as("missing at server %d", sid)
                .isEmpty();
    }
}
