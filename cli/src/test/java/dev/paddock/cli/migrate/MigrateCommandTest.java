package dev.paddock.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.paddock.cli.MainTest;
import dev.paddock.cli.MainTest.Ran;
import dev.paddock.node.config.NodeConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /** Files of three members on this machine, none of which runs. */
    private List<String> stopped() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        List<String> files = new ArrayList<>();
        for (int i = 0; i < 3; i++) held.add(freePort());
        for (int i = 0; i < 3; i++) {
            Path data = Files.createDirectories(folder.resolve("data" + i + "/version-2"))
                    .getParent();
            Files.writeString(data.resolve("myid"), (i + 1) + "\n");
            Files.writeString(data.resolve("version-2/currentEpoch"), "1\n");
            Path file = folder.resolve("zk" + (i + 1) + ".cfg");
            Files.writeString(
                    file,
                    "initLimit=10\nsyncLimit=5\nadmin.enableServer=false\ndataDir=" + data + "\nclientPort="
                            + held.get(i).getLocalPort()
                            + "\nserver.1=127.0.0.1:2:3\nserver.2=127.0.0.1:4:5\nserver.3=127.0.0.1:6:7\n");
            files.add(file.toString());
        }
        for (ServerSocket each : held) each.close();
        return files;
    }

    private static ServerSocket freePort() {
        int port = ThreadLocalRandom.current().nextInt(20_000, 32_000); // below those of outgoing connections
        try {
            return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            return freePort();
        }
    }

    private static Ran migrate(List<String> more, String... words) {
        List<String> all = new ArrayList<>(List.of("migrate"));
        all.addAll(List.of(words));
        all.addAll(more);
        return MainTest.run(all.toArray(String[]::new));
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : List.of("plan", "status", "check", "run")) {
            assertThat(MainTest.run("migrate", command, "--help").exitCode())
                    .as(command)
                    .isZero();
        }
        assertThat(MainTest.run("migrate", "--help").out()).contains("Before each stop:", "--back");
    }

    @Test
    void membersThatWereStoppedAreStartedAsWhatIsWanted() throws Exception {
        List<String> files = stopped();
        Ran plan = migrate(files, "plan");
        assertThat(plan.err()).isEmpty();
        assertThat(plan.out())
                .contains(
                        "1. member 1: start Paddock",
                        "./paddock node " + files.get(2),
                        "done: all 3 members run Paddock");
        assertThat(plan.exitCode()).isZero();
        assertThat(migrate(files, "plan", "--back").out()).contains("1. member 1: start Apache ZooKeeper");
        assertThat(migrate(files, "status").out()).contains("no process", "next: member 1: start Paddock");
    }

    @Test
    void aSettingThatPaddockDoesNotKnowIsInTheWay() throws Exception {
        List<String> files = stopped();
        Path second = Path.of(files.get(1));
        Files.writeString(second, Files.readString(second) + "audit.enable=true\n");
        Ran plan = migrate(files, "plan");
        assertThat(plan.out())
                .contains(
                        "not possible: these settings of member 2 have no effect in Paddock: audit.enable", "--accept");
        assertThat(plan.exitCode()).isOne();
        assertThat(migrate(files, "plan", "--accept=audit.enable").exitCode()).isZero();
    }

    @Test
    void runStopsBeforeAFileThatPaddockRefuses() throws Exception {
        List<String> files = stopped();
        Path second = Path.of(files.get(1));
        Files.writeString(second, Files.readString(second) + "multiAddress.enabled=true\n");
        Ran run = migrate(files, "run", "--local");
        assertThat(run.err())
                .contains("Paddock does not start with this", second + ":", "multiAddress.enabled", "remove the line");
        assertThat(run.exitCode()).isOne();
        assertThat(Path.of(files.get(0) + ".log"))
                .as("the first is not started")
                .doesNotExist();
    }

    @Test
    void membersBehindTlsAreSaidBeforeAnythingIsStopped() throws Exception {
        List<String> files = stopped();
        Files.writeString(folder.resolve("keys.pem"), "");
        Path third = Path.of(files.get(2));
        Files.writeString(
                third,
                Files.readString(third).replace("clientPort=", "secureClientPort=")
                        + "ssl.clientAuth=none\nssl.keyStore.location=" + folder.resolve("keys.pem") + "\n");
        int port = NodeConfig.read(third).clientPort().address().port();
        try (FakeMember _ = member(files, 1, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 2, FakeMember.PADDOCK);
                ServerSocket tls = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> hangUp(tls));
            for (String way : List.of("", "--back --zookeeper=false")) {
                List<String> words = new ArrayList<>(List.of("run", "--local"));
                if (!way.isEmpty()) words.addAll(List.of(way.split(" ", -1)));
                Ran run = migrate(files, words.toArray(String[]::new));
                assertThat(run.err())
                        .contains(
                                "the files of member 3 will not do",
                                "by TLS alone",
                                "add a clientPort to each member's");
                assertThat(run.exitCode()).isOne();
            }
        }
    }

    @Test
    void aLeaderThatSaysNothingIsNotWaitedFor() throws Exception {
        List<String> files = stopped();
        for (String each : files) {
            Files.writeString(Path.of(each), Files.readString(Path.of(each)) + "leaderServes=no\n");
        }
        try (FakeMember _ = member(files, 1, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 2, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 3, "")) {
            Ran run = migrate(files, "run", "--local");
            assertThat(run.err()).contains("leaderServes is no", "take that line out of each member's");
            assertThat(run.exitCode()).isOne();
            assertThat(migrate(files, "status").out()).contains("not possible: the files of member 1 will not do");
        }
    }

    @Test
    void aStrangerAtAPortIsNoMember() throws Exception {
        List<String> files = stopped();
        int port = NodeConfig.read(Path.of(files.get(1))).clientPort().address().port();
        try (ServerSocket stranger = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> hangUp(stranger));
            Ran status = migrate(files, "status");
            assertThat(status.out())
                    .contains("does not answer", "wait: member 2 answers nothing", "somebody else may have that port");
            assertThat(status.exitCode()).isOne();
        }
    }

    private static FakeMember member(List<String> files, int id, String version) throws Exception {
        int port = NodeConfig.read(Path.of(files.get(id - 1)))
                .clientPort()
                .address()
                .port();
        return new FakeMember(id, port, version);
    }

    @Test
    void aMemberThatCountsMismatchesIsInTheWay() throws Exception {
        List<String> files = stopped();
        try (FakeMember _ = member(files, 1, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 2, FakeMember.ZOOKEEPER).counting(2);
                FakeMember _ = member(files, 3, FakeMember.ZOOKEEPER)) {
            Ran status = migrate(files, "status");
            assertThat(status.out())
                    .containsPattern("2 +follower +Apache ZooKeeper 3.9.5 +0x100000002 +2 ")
                    .contains(
                            "not possible: member 2 counts 2 digest mismatches: its tree is not what its leader's was",
                            "Digests are not matching");
            assertThat(status.exitCode()).isOne();
            stopsNothing(files, "member 2 counts 2 digest mismatches");
        }
    }

    @Test
    void treesThatDifferAreInTheWay() throws Exception {
        List<String> files = stopped();
        try (FakeMember _ = member(files, 1, FakeMember.ZOOKEEPER).hashing("100000080: 1\n100000100: 7\n");
                FakeMember _ = member(files, 2, FakeMember.ZOOKEEPER).hashing("100000080: 1\n");
                FakeMember _ = member(files, 3, FakeMember.ZOOKEEPER).hashing("100000080: 1\n100000100: 8\n")) {
            Ran status = migrate(files, "status");
            assertThat(status.out())
                    .contains(
                            "not possible: the trees of members 1 and 3 differed after transaction 0x100000100",
                            "compare their files (paddock snapshot diff)");
            assertThat(status.exitCode()).isOne();
            stopsNothing(files, "the trees of members 1 and 3 differed after transaction 0x100000100");
        }
    }

    @Test
    void aMemberThatIsSilentOnceIsAskedAgain() throws Exception {
        List<String> files = stopped();
        try (FakeMember silent = member(files, 1, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 2, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 3, FakeMember.ZOOKEEPER)) {
            String wellKnown = migrate(files, "status").out();
            silent.silentOnce("conf");
            assertThat(migrate(files, "status").out()).isEqualTo(wellKnown).doesNotContain("does not answer");
        }
    }

    private static void stopsNothing(List<String> files, String why) {
        Ran run = migrate(files, "run", "--local");
        assertThat(run.err()).contains(why, "run the same command again");
        assertThat(run.out()).doesNotContain("stop Apache ZooKeeper");
        assertThat(run.exitCode()).isOne();
    }

    @Test
    void aMemberThatLagsIsWaitedFor() throws Exception {
        List<String> files = stopped();
        try (FakeMember first = member(files, 1, FakeMember.ZOOKEEPER).at(0x100000001L);
                FakeMember _ = member(files, 2, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 3, FakeMember.ZOOKEEPER)) {
            String why = "member 1 has applied 0x100000001, and the leader 0x100000002";
            Ran status = migrate(files, "status");
            assertThat(status.out()).contains("wait: " + why);
            assertThat(status.exitCode()).isOne();
            assertThat(migrate(files, "run", "--local", "--patience=1").err()).contains("gave up after 1 s: " + why);
            first.at(0x100000002L);
            assertThat(migrate(files, "status").out()).contains("next: member 1: stop Apache ZooKeeper");
        }
    }

    @Test
    void statusWatchesUntilAllIsDone() throws Exception {
        List<String> files = stopped();
        try (FakeMember first = member(files, 1, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 2, FakeMember.PADDOCK);
                FakeMember _ = member(files, 3, FakeMember.PADDOCK)) {
            CompletableFuture<Ran> watch = CompletableFuture.supplyAsync(() -> migrate(files, "status", "--watch"));
            await().atMost(PATIENCE).until(() -> first.looks() > 6 || watch.isDone()); // a look may ask it three times
            assertThat(watch).isNotDone();
            first.becomes("");
            int before = first.looks();
            await().atMost(PATIENCE).until(() -> first.looks() > before + 6 || watch.isDone());
            assertThat(watch).isNotDone();
            first.becomes(FakeMember.PADDOCK);
            Ran ran = watch.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(ran.out())
                    .contains("next: member 1: stop Apache ZooKeeper", "next: wait: member 1 looks for a leader")
                    .endsWith("done: all 3 members run Paddock, in sync, without a digest mismatch\n");
            assertThat(ran.out().split("MEMBER", -1))
                    .as("one table for each state, however many looks")
                    .hasSize(4);
            assertThat(ran.exitCode()).isZero();
        }
    }

    @Test
    void runGivesUpWhenItsPatienceEnds() throws Exception {
        List<String> files = stopped();
        try (FakeMember _ = member(files, 1, "");
                FakeMember _ = member(files, 2, "");
                FakeMember _ = member(files, 3, "")) {
            Ran run = migrate(files, "run", "--local", "--patience=1");
            assertThat(run.err())
                    .contains(
                            "gave up after 1 s: member 1 looks for a leader or catches up",
                            "run the same command again");
            assertThat(run.exitCode()).isOne();
        }
    }

    @Test
    void aFolderForLogsThatCannotBeIsSaidFirst() throws Exception {
        List<String> files = stopped();
        Ran run = migrate(files, "run", "--local", "--logs=" + files.get(0) + "/logs");
        assertThat(run.err()).contains("--logs: " + files.get(0) + "/logs is no folder and cannot be made one");
        assertThat(run.exitCode()).isOne();
        assertThat(run.out()).as("nothing was looked at").isEmpty();
    }

    @Test
    void planSaysWhoseFlagsCannotBeSeen() throws Exception {
        List<String> files = stopped();
        try (FakeMember _ = member(files, 1, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 2, FakeMember.PADDOCK);
                FakeMember _ = member(files, 3, FakeMember.ZOOKEEPER)) {
            assertThat(migrate(files, "plan").out())
                    .contains("note: the flags (-Dzookeeper.…) of the JVMs of members [1, 3] cannot be looked at");
        }
    }

    @Test
    void whatIsWorthKnowingIsSaidByEachCommand() throws Exception {
        List<String> files = stopped();
        for (String each : files) {
            Files.writeString(Path.of(each), Files.readString(Path.of(each)) + "forceSync=no\n");
        }
        try (FakeMember _ = member(files, 1, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 2, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 3, FakeMember.ZOOKEEPER)) {
            for (List<String> words :
                    List.of(List.of("plan"), List.of("status"), List.of("run", "--local", "--patience=1"))) {
                assertThat(migrate(files, words.toArray(String[]::new)).out())
                        .contains(
                                "note: " + files.get(2) + ":",
                                "forceSync: is no",
                                "members [1, 2, 3] cannot be looked at");
            }
        }
    }

    @Test
    void whatPaddockKnowsAndDoesNotDoHasToBeAccepted() throws Exception {
        List<String> files = stopped();
        Path second = Path.of(files.get(1));
        Files.writeString(
                second,
                Files.readString(second).replace("admin.enableServer=false", "admin.serverAddress=127.0.0.1")
                        + "metricsProvider.className=org.example.Mine\nadmin.forceHttps=true\n");
        assertThat(migrate(files, "plan").out())
                .contains(
                        "settings of member 2 have no effect in Paddock: admin.forceHttps, metricsProvider.className");
        assertThat(migrate(files, "plan", "--accept=admin.forceHttps,metricsProvider.className")
                        .exitCode())
                .isZero();
    }

    @Test
    void aReleaseThatIsNotTestedIsANoteAndOneThatLosesWritesInTheWay() throws Exception {
        List<String> files = stopped();
        try (FakeMember second = member(files, 2, "3.9.2-x, built on 2026-01-01");
                FakeMember _ = member(files, 1, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 3, FakeMember.PADDOCK)) {
            Ran plan = migrate(files, "plan");
            assertThat(plan.out())
                    .contains(
                            "note: members [2] run Apache ZooKeeper 3.9.2; of ZooKeeper's releases 3.9.5 alone is tested");
            assertThat(plan.exitCode()).isZero();
            second.becomes("3.9.3-x, built on 2026-01-01");
            assertThat(migrate(files, "plan").out())
                    .contains("not possible: member 2 runs Apache ZooKeeper 3.9.3, which may lose acknowledged writes");
            assertThat(migrate(files, "plan", "--accept=3.9.3").exitCode()).isZero();
        }
    }

    @Test
    void flagsAreAskedOfTheAdminPortWhereTheProcessIsElsewhere() throws Exception {
        List<String> files = stopped();
        HttpServer admin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] answer = ("{\"command\" : \"system_properties\", \"error\" : null, \"java.home\" : \"/\","
                        + " \"jute.maxbuffer\" : \"4194304\", \"zookeeper.nobody\" : \"1\","
                        + " \"com.sun.management.jmxremote.port\" : \"9010\"}")
                .getBytes(StandardCharsets.UTF_8);
        admin.createContext("/commands/system_properties", exchange -> {
            exchange.sendResponseHeaders(200, answer.length);
            try (var body = exchange.getResponseBody()) {
                body.write(answer);
            }
        });
        admin.start();
        Path first = Path.of(files.get(0));
        Files.writeString(
                first,
                Files.readString(first).replace("enableServer=false", "serverAddress=127.0.0.1") + "admin.serverPort="
                        + admin.getAddress().getPort() + "\n");
        try (FakeMember _ = member(files, 1, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 2, FakeMember.ZOOKEEPER);
                FakeMember _ = member(files, 3, FakeMember.PADDOCK)) {
            Ran plan = migrate(files, "plan");
            assertThat(plan.out())
                    .contains(
                            "these settings of member 1 have no effect in Paddock: zookeeper.nobody",
                            "members [2]",
                            "note: the JVMs of members [1] were started with -Dcom.sun.management.jmxremote.port=9010,");
            assertThat(migrate(files, "plan", "--accept=zookeeper.nobody").out())
                    .contains("the JVM of member 1 has flags that its zoo.cfg has not", ": jute.maxbuffer. What to do");
            Files.writeString(first, Files.readString(first) + "jute.maxbuffer=4194304\n");
            assertThat(migrate(files, "plan", "--accept=zookeeper.nobody").out())
                    .contains("1. member 1: stop");
        } finally {
            admin.stop(0);
        }
    }

    private static void hangUp(ServerSocket socket) {
        try {
            while (true) socket.accept().close();
        } catch (IOException closed) {
            assertThat(socket.isClosed()).isTrue();
        }
    }

    @Test
    void runNeedsItsWordsFirst() throws Exception {
        List<String> files = stopped();
        assertThat(migrate(files, "run").exitCode()).isEqualTo(2);
        assertThat(migrate(files, "run", "--local", "--back").err()).contains("--back needs --zookeeper COMMAND");
        assertThat(migrate(List.of(), "plan").err()).contains("name the members' zoo.cfg files, or --server");
        Ran two = migrate(files.subList(0, 2), "run", "--local");
        assertThat(two.err()).contains("the zoo.cfg of members [3] was not named");
        assertThat(two.exitCode()).isOne();
    }
}
