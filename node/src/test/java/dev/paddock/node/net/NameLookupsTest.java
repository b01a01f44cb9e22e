package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.members.Address;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A learner whose leader's name is not known at first, then leads nowhere, then to the leader; in a JVM of its own, whose names come from a file. */
class NameLookupsTest {
    private static final String NAME = "leader.test";

    @TempDir
    Path folder;

    @Test
    void eachTryLooksTheNameUp() throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process learner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Djdk.net.hosts.file=" + hosts,
                        "-cp",
                        classPath,
                        Learner.class.getName(),
                        hosts.toString())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(learner.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).contains("linked to 7");
            assertThat(learner.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            learner.destroyForcibly();
        }
    }

    /** The other JVM. */
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
                Files.writeString(Path.of(hosts[0]), "127.0.0.1 " + NAME + "\n");
                learner.carryOut(new Effect.Dial(7));
                await().until(() -> learner.inputs(Input.LeaderLinked.class).size() == 1);
                System.out.println("linked to "
                        + learner.inputs(Input.LeaderLinked.class).getFirst().sid());
            }
        }

        private static void dialsInVain(CoreLoop learner, int time) {
            learner.carryOut(new Effect.Dial(7));
            await().until(() -> learner.inputs(Input.LeaderUnreachable.class).size() == time);
        }
    }
}
