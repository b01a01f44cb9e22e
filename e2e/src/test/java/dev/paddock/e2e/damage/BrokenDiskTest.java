package dev.paddock.e2e.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paddock.e2e.Installed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The disk of one server of three is full, or fails when it is to force. */
class BrokenDiskTest {
    private static final int BEHIND = 1; // where one is
    private static final int WELL = 2;
    private static final int VICTIM = 3;
    private static final int FIRST_FAILURE = 40; // of the forces of each thread; a start needs fewer
    private static final int WRITES_MAX = 200;

    @TempDir
    Path folder;

    private final Ledger ledger = new Ledger();
    private Ensemble ensemble;
    private boolean isMounted;

    @AfterEach
    void close() throws Exception {
        if (ensemble != null) ensemble.end();
        if (isMounted) run("umount", folder.resolve("data" + VICTIM).toString());
    }

    @Test
    void aForceThatFailsEndsTheServerAndLosesNothing() throws Exception {
        Installed.require("strace");
        ensemble = new Ensemble(folder);
        ensemble.start(BEHIND, WELL);
        ensemble.startWithFailingForces(VICTIM, FIRST_FAILURE);
        ensemble.awaitServing(BEHIND, WELL, VICTIM);
        int written = 0;
        while (ensemble.serves(VICTIM) && written++ < WRITES_MAX) ledger.write(ensemble.clients(BEHIND, WELL), 1);
        assertThat(written).as("writes until a force failed").isLessThan(WRITES_MAX);
        await().atMost(Duration.ofMinutes(1)).until(() -> !ensemble.isAlive(VICTIM));
        assertThat(ensemble.said(VICTIM)).contains("Input/output error");
        ledger.write(ensemble.clients(BEHIND, WELL), 20);
        ensemble.kill(VICTIM);
        ensemble.start(VICTIM);
        allIsThereAtEach();
    }

    @ParameterizedTest(name = "another is behind: {0}")
    @ValueSource(booleans = {false, true})
    void aFullDiskLosesNothingAndIsHealedByRoom(boolean isAnotherBehind) throws Exception {
        Path data = Files.createDirectories(folder.resolve("data" + VICTIM));
        isMounted = run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", data.toString()) == 0;
        assumeTrue(isMounted || System.getenv("CI") != null, "only root can mount a small file system");
        assertThat(isMounted).as("a small file system").isTrue();
        ensemble = new Ensemble(folder);
        ensemble.start(BEHIND, WELL, VICTIM);
        ensemble.awaitServing(BEHIND, WELL, VICTIM);
        ledger.write(ensemble.clients(BEHIND, WELL), 100);
        if (isAnotherBehind) ensemble.kill(BEHIND);
        Path ballast = data.resolve("ballast");
        fill(ballast);
        ledger.write(ensemble.clients(WELL), 100); // whatever is not acknowledged was refused
        ensemble.kill(VICTIM);
        ensemble.start(VICTIM); // on a disk that is full
        if (!isAnotherBehind) ledger.write(ensemble.clients(BEHIND, WELL), 100);
        Files.delete(ballast);
        ensemble.start(BEHIND);
        allIsThereAtEach();
        ledger.write(ensemble.clients(VICTIM), 20);
        allIsThereAtEach();
    }

    private void allIsThereAtEach() throws Exception {
        ensemble.awaitVoting(BEHIND, WELL, VICTIM);
        assertThat(ledger.faultsAt(ensemble.each())).isEmpty();
    }

    private static void fill(Path ballast) throws IOException {
        byte[] some = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) out.write(some);
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
