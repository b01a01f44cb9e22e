package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code paddock migrate run} stops in the middle, turns round, goes on, and outlives a server that does not start. */
class MigrateStopsTest {
    private static final String BACK = "stop Paddock, start Apache ZooKeeper";
    private static final String THERE = "stop Apache ZooKeeper, start Paddock";

    @TempDir
    Path folder;

    private static int count(String text, String words) {
        return (int)
                Pattern.compile(words, Pattern.LITERAL).matcher(text).results().count();
    }

    private static String back(LocalEnsemble ensemble) throws Exception {
        return ensemble.run("run", "--local", "--back", "--zookeeper", LocalEnsemble.zookeeper());
    }

    @Test
    void turnsRoundAfterEachMemberUnderLoad() throws Exception {
        try (LocalEnsemble ensemble = new LocalEnsemble(folder, 3, 1)) {
            ensemble.start();
            turnRound(ensemble);
        }
    }

    private static void turnRound(LocalEnsemble ensemble) throws Exception {
        try (Writers writers = new Writers(ensemble.connectString())) {
            Path logs = ensemble.folder().resolve("logs");
            String first = ensemble.run("run", "--local", "--one", "--logs", logs.toString());
            assertThat(first).contains("member 4: " + THERE + " (it observes", "member 4 is an observer");
            assertThat(logs.resolve("zk4.cfg.log")).isNotEmptyFile();
            assertThat(ensemble.folder().resolve("zk4.cfg.log")).doesNotExist();
            assertThat(ensemble.howManySay("-paddock-")).isOne();
            assertThat(ensemble.run("status")).containsPattern("next: member [123]: " + THERE + " \\(it follows");

            String same = back(ensemble);
            assertThat(same).contains("member 4: " + BACK, "done: all 4 members run Apache ZooKeeper");
            assertThat(count(same, BACK)).isOne();
            assertThat(ensemble.howManySay("-paddock-")).isZero();

            for (int changed = 1; changed <= 3; changed++) { // the observer and two of three voters
                assertThat(count(ensemble.run("run", "--local", "--one"), THERE))
                        .isOne();
                assertThat(ensemble.howManySay("-paddock-")).isEqualTo(changed);
            }
            assertThat(ensemble.word(3, "srvr")).contains("-paddock-", "Mode: observer");
            assertThat(ensemble.run("status")).containsPattern("next: member [123]: " + THERE + " \\(it leads");
            String three = back(ensemble);
            assertThat(three).contains("done: all 4 members run Apache ZooKeeper");
            assertThat(count(three, BACK)).isEqualTo(3);
            assertThat(ensemble.howManySay("-paddock-")).isZero();
            ensemble.holdsAllAlike(writers.stop());
        }
    }

    @Test
    void flagsOfTheJvmHaveToBeInTheFileFirst() throws Exception {
        try (LocalEnsemble ensemble = new LocalEnsemble(folder, 3, 0)) {
            Path flags = Files.writeString(folder.resolve("flags"), "-Djute.maxbuffer=4194304 # bytes");
            ensemble.start("@" + flags, "-Dzookeeper.audit.enable=true");
            assertThat(ensemble.run(1, "run", "--local"))
                    .containsPattern("these settings of member [12] have no effect in Paddock: zookeeper.audit.enable")
                    .doesNotContain(THERE);
            String accept = "--accept=zookeeper.audit.enable";
            assertThat(ensemble.run(1, "run", "--local", accept))
                    .containsPattern("the JVM of member [12] has flags that .*: jute.maxbuffer")
                    .doesNotContain(THERE);
            ensemble.appendToAll("jute.maxbuffer=4194304\n");
            assertThat(ensemble.run("plan", accept))
                    .contains("Then done: all 3 members", "started with -Xmx256m, which Paddock's are not")
                    .doesNotContain("note: the flags");
        }
    }

    @Test
    void aPaddockThatDoesNotStartIsNoDeadEnd() throws Exception {
        try (LocalEnsemble ensemble = new LocalEnsemble(folder, 3, 0)) {
            ensemble.start();
            doNotStart(ensemble);
        }
    }

    private static void doNotStart(LocalEnsemble ensemble) throws Exception {
        int first = ensemble.word(0, "srvr").contains("Mode: leader") ? 1 : 0; // the leader is the last
        String name = "member " + (first + 1);
        try (Writers writers = new Writers(ensemble.connectString())) {
            try (Stranger stranger = new Stranger(ensemble.clientPort(first))) {
                String failed = ensemble.run(1, "run", "--local");
                assertThat(stranger.hasIt()).isTrue();
                assertThat(failed)
                        .contains(
                                name + ": " + THERE,
                                "Paddock of " + name + " ended at once, and said: ",
                                "cannot listen for clients at ",
                                ensemble.server(first),
                                "Mend that and run the same command again, or start Apache ZooKeeper on its files");
                assertThat(ensemble.run(1, "run", "--local", "--patience=1"))
                        .contains("gave up after 1 s: " + name + " answers nothing", "somebody else may have that port")
                        .doesNotContain(THERE);
                writers.awaitProgress();
            }
            assertThat(ensemble.run("status")).contains("next: " + name + ": start Paddock");
            assertThat(back(ensemble))
                    .contains(name + ": start Apache ZooKeeper", "done: all 3 members run Apache ZooKeeper");
            assertThat(ensemble.run("run", "--local", "--one")).contains(name + ": " + THERE, name + " is a ");
            List<String> acknowledged = writers.stop();
            assertThat(ensemble.howManySay("-paddock-")).isOne();
            ensemble.holdsAllAlike(acknowledged);
        }
    }
}
