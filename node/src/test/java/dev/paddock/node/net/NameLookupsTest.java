package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.members.Address;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.server.NodeMain;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A learner whose leader's name is not known at first, then leads nowhere, then to the leader; in a JVM of its own, whose names come from a file. */
class NameLookupsTest {
    private static final String NAME = "leader.test";
    private static final String TTL = "networkaddress.cache.ttl";

    @TempDir
    Path folder;

    @Test
    void eachTryLooksTheNameUp() throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "");
        assertThat(said(Learner.class, List.of("-Djdk.net.hosts.file=" + hosts), hosts))
                .contains("linked to 7", "votes at 7");
    }

    /** One that reads no further than its configuration. */
    @Test
    void aServerRemembersNoName() throws Exception {
        assertThat(said(BadServer.class, List.of(), folder.resolve("zoo.cfg"))).contains("ended with 1, ttl 0");
    }

    /** What the main method of a class says in a JVM of its own. */
    private static String said(Class<?> main, List<String> options, Path given) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx64m");
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.add(given.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Another JVM. */
    static final class BadServer {
        private BadServer() {}

        public static void main(String[] zooCfg) throws Exception {
            int code = NodeMain.run(Path.of(zooCfg[0]));
            System.out.println("ended with " + code + ", ttl " + Security.getProperty(TTL));
        }
    }

    /** Another JVM. */
    static final class Learner {
        private Learner() {}

        public static void main(String[] hosts) throws Exception {
            NameLookups.remembersNothing();
            try (var leader = new CoreLoop(7);
                    var learner = new CoreLoop(1)) {
                var spec = new ServerSpec(
                        7,
                        new Address(NAME, leader.links.quorumAddress().getPort()),
                        new Address(NAME, leader.links.electionAddress().getPort()),
                        ServerSpec.Role.PARTICIPANT,
                        Optional.empty());
                leader.reaches(CoreLoop.members(leader.spec(), learner.spec()));
                learner.reaches(CoreLoop.members(learner.spec(), spec));
                dialsInVain(learner, 1);
                Files.writeString(Path.of(hosts[0]), "127.99.99.99 " + NAME + "\n");
                dialsInVain(learner, 2);
                Files.writeString(Path.of(hosts[0]), "127.0.0.1 " + NAME + "\n127.0.0.1 localhost\n");
                learner.carryOut(new Effect.Dial(7));
                await().until(() -> learner.inputs(Input.LeaderLinked.class).size() == 1);
                System.out.println("linked to "
                        + learner.inputs(Input.LeaderLinked.class).getFirst().sid());
                learner.carryOut(new Effect.Notify(7, ElectionPortTest.vote(7, 3)));
                ElectionPortTest.awaitVote(leader, 1, 3);
                System.out.println("votes at 7");
            }
        }

        /** At both ports; the vote is heard of by nobody. */
        private static void dialsInVain(CoreLoop learner, int time) {
            learner.carryOut(new Effect.Notify(7, ElectionPortTest.vote(7, time)));
            learner.carryOut(new Effect.Dial(7));
            await().until(() -> learner.inputs(Input.LeaderUnreachable.class).size() == time);
        }
    }
}
