package dev.paddock.node.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.members.Members;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who may not change the members, what is no change, and which of two errors is told: the same requests to servers of
 * Apache's and to ours, for the same code.
 */
class ReconfigurationRefusalsTest {
    private static final String SUPER = "DigestAuthenticationProvider.superDigest=root:qScoE+LkbrbWBh/au3OD5Aq2Yx0=";
    private static final String NOBODY = "server.9=10.0.0.9:2888:3888:observer;2181"; // needs nobody's ack
    private static final String TWO_STRANGERS = "server.8=10.0.0.8:2888:3888;2181\nserver.9=10.0.0.9:2888:3888;2181";
    private static final int SESSION_MILLIS = 100_000;
    private static final long ANY = -1;
    private static final long OLD = 0x77;
    private static final long CURRENT = -2; // stands for the version there is
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Who asks: nobody in particular, a user who may only read the configuration, one who may write it, and the super user. */
    private static final List<String> ASKERS = List.of("", "reader:pw", "writer:pw", "root:pw");

    @TempDir
    Path folder;

    @RegisterExtension
    final Opened opened = new Opened();

    /** {@code #leader#} stands for the line of the leader, {@code #all#} for those of all, {@code #led#} for the sids of the followers. */
    private record Asked(
            @Nullable String joining,
            @Nullable String leaving,
            @Nullable String newMembers,
            long version) {}

    private static final List<Asked> TABLE = List.of(
            new Asked(NOBODY, null, null, ANY),
            new Asked(NOBODY, null, null, CURRENT),
            new Asked(NOBODY, null, null, OLD),
            new Asked(null, "77", null, ANY), // who is not there
            new Asked(NOBODY, null, "#all#", ANY), // both kinds at once
            new Asked(NOBODY, "9", null, ANY),
            new Asked(null, null, null, ANY),
            new Asked("server.9=x", null, null, ANY),
            new Asked("server.9=x", null, null, OLD),
            new Asked("server.9=10.0.0.9:2888:3888:voter;2181", null, null, ANY),
            new Asked("server.x=10.0.0.9:2888:3888;2181", null, null, ANY),
            new Asked(null, "x", null, ANY),
            new Asked("server.9=x", "y", null, ANY),
            new Asked(null, "#led#", null, ANY), // one is left
            new Asked(null, "#led#", null, OLD),
            new Asked(null, null, "#leader#", ANY),
            new Asked(null, null, "#leader#\n" + TWO_STRANGERS, ANY), // no quorum of them is there
            new Asked(null, null, "#leader#\n" + TWO_STRANGERS, OLD),
            new Asked(null, null, "#leader#\n" + TWO_STRANGERS + "\nserver.7=x", ANY),
            new Asked(null, null, TWO_STRANGERS, ANY));

    /** One of the two ensembles, by its leader or a follower. */
    private final class Side {
        private final ZooKeeperAdmin admin;
        private final List<SessionSocket> askers = new ArrayList<>();
        private final String original;
        private final long leader;

        Side(int port, long leader) throws Exception {
            this.leader = leader;
            admin = new ZooKeeperAdmin("127.0.0.1:" + port, SESSION_MILLIS, event -> {});
            opened.closing(admin);
            admin.addAuthInfo("digest", "root:pw".getBytes(UTF_8));
            await().atMost(PATIENCE).until(() -> admin.getState().isConnected());
            original = config();
            for (String who : ASKERS) {
                SessionSocket asker = SessionSocket.open(port, SESSION_MILLIS, 0);
                opened.closing(asker);
                askers.add(asker);
                if (!who.isEmpty()) asker.ask(-4, new Request.Auth(0, "digest", who.getBytes(UTF_8)));
            }
        }

        void grant() throws Exception {
            List<ACL> acl = new ArrayList<>(Ids.READ_ACL_UNSAFE);
            acl.add(new ACL(Perms.READ, user("reader:pw")));
            acl.add(new ACL(Perms.READ | Perms.WRITE, user("writer:pw")));
            admin.setACL("/zookeeper/config", acl, -1);
        }

        private static Id user(String named) throws Exception {
            return new Id("digest", DigestAuthenticationProvider.generateDigest(named));
        }

        private String config() throws KeeperException, InterruptedException {
            return new String(admin.getConfig(false, new Stat()), UTF_8);
        }

        private Request named(Asked asked) throws Exception {
            long version = asked.version == CURRENT ? Members.parse(config()).version() : asked.version;
            return new Request.Reconfig(named(asked.joining), named(asked.leaving), named(asked.newMembers), version);
        }

        private @Nullable String named(@Nullable String text) {
            if (text == null) return null;
            List<String> lines = original.lines().toList();
            return text.replace("#all#", String.join("\n", lines.subList(0, 3)))
                    .replace("#leader#", line(lines, leader))
                    .replace("#led#", leader == 1 ? "2,3" : leader == 2 ? "1,3" : "1,2");
        }

        private static String line(List<String> lines, long sid) {
            return lines.stream()
                    .filter(line -> line.startsWith("server." + sid + "="))
                    .findFirst()
                    .orElseThrow();
        }

        /** The code for each asker in turn. */
        List<Integer> codes(Asked asked) throws Exception {
            List<Integer> codes = new ArrayList<>();
            for (SessionSocket asker : askers) {
                int code = code(asker.ask(named(asked)));
                codes.add(code);
                if (code == 0) reset();
            }
            return codes;
        }

        /** The code of what is asked while another change, which is asked in the same breath, is not committed yet. */
        int codeBehindAnother(Asked asked) throws Exception {
            SessionSocket writer = askers.get(2);
            writer.send(named(TABLE.getFirst()), named(asked));
            assertThat(code(writer.answer())).isZero();
            int second = code(writer.answer());
            reset();
            return second;
        }

        private void reset() {
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(KeeperException.class)
                    .untilAsserted(() -> admin.reconfigure((String) null, null, original, ANY, new Stat()));
        }
    }

    private static int code(String answer) {
        return Integer.parseInt(answer.substring(answer.indexOf(" err ") + 5));
    }

    private ApacheServers apache(int size, String... settings) throws IOException {
        var servers = new ApacheServers(folder, size, settings);
        opened.closing(servers);
        servers.startAll();
        return servers;
    }

    private LocalEnsemble paddock(int size, String... settings) throws Exception {
        var servers = new LocalEnsemble(folder, size, settings);
        opened.closing(servers);
        servers.startAll();
        servers.awaitServing();
        return servers;
    }

    @Test
    void everyAskerIsToldTheSame() throws Exception {
        String[] settings = {"reconfigEnabled=true", SUPER, "maxSessionTimeout=" + SESSION_MILLIS};
        ApacheServers theirs = apache(3, settings);
        LocalEnsemble ours = paddock(3, settings);
        long his = theirs.inState("leader");
        var apache = new Side(theirs.clientPort(his), his);
        var paddock = new Side(ours.clientPort(ours.leader()), ours.leader());
        List<String> differences = new ArrayList<>();
        Set<Integer> told = new TreeSet<>();
        compare("nobody has been granted anything", TABLE.subList(0, 3), apache, paddock, told, differences);
        apache.grant();
        paddock.grant();
        compare("at the leader", TABLE, apache, paddock, told, differences);
        for (Asked asked : TABLE) {
            for (Side side : List.of(apache, paddock))
                await("in progress told of " + asked)
                        .atMost(PATIENCE) // again where the first was done before the second was looked at
                        .until(() -> side.codeBehindAnother(asked) == ErrorCode.RECONFIG_IN_PROGRESS.code());
        }
        long hisFollower = theirs.inState("follower");
        compare(
                "at a follower",
                TABLE.subList(0, 3),
                new Side(theirs.clientPort(hisFollower), his),
                new Side(ours.clientPort(ours.inState("follower")), ours.leader()),
                told,
                differences);
        assertThat(differences).isEmpty();
        assertThat(told).containsExactly(-103, -102, -13, -8, -5, 0);
    }

    private static void compare(
            String where, List<Asked> table, Side apache, Side paddock, Set<Integer> told, List<String> differences)
            throws Exception {
        for (Asked asked : table) {
            List<Integer> theirs = apache.codes(asked);
            List<Integer> ours = paddock.codes(asked);
            told.addAll(theirs);
            if (!theirs.equals(ours)) differences.add(where + ", " + asked + "\ntheirs " + theirs + ", ours " + ours);
        }
    }

    /** A server without peers has no members, and where nobody may change them that is told first of all. */
    @Test
    void aServerAloneSaysTheSame() throws Exception {
        for (String enabled : new String[] {"true", "false"}) {
            String[] settings = {"reconfigEnabled=" + enabled, SUPER};
            try (var theirs = new ApacheServers(folder.resolve(enabled), 1, settings);
                    var ours = new LocalEnsemble(folder.resolve(enabled), 1, settings)) {
                theirs.startAll();
                ours.startAll();
                ours.awaitServing();
                int expected = enabled.equals("true") ? -6 : -123;
                for (Asked asked : List.of(TABLE.get(0), TABLE.get(2), new Asked("server.9=x", null, null, ANY))) {
                    for (String who : ASKERS) {
                        assertThat(alone(ours.clientPort(1), who, asked))
                                .isEqualTo(alone(theirs.clientPort(1), who, asked))
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    private static int alone(int port, String who, Asked asked) throws IOException {
        try (SessionSocket asker = SessionSocket.open(port, SESSION_MILLIS, 0)) {
            if (!who.isEmpty()) asker.ask(-4, new Request.Auth(0, "digest", who.getBytes(UTF_8)));
            return code(asker.ask(new Request.Reconfig(asked.joining, asked.leaving, asked.newMembers, asked.version)));
        }
    }

    /** In an ensemble, too, nothing is looked at where nobody may change the members. */
    @Test
    void whereItIsOffNothingElseIsLookedAt() throws Exception {
        ApacheServers theirs = apache(3, SUPER);
        LocalEnsemble ours = paddock(3, SUPER);
        for (Asked asked : List.of(TABLE.get(0), TABLE.get(2), new Asked("server.9=x", null, null, OLD))) {
            for (String who : ASKERS) {
                assertThat(alone(ours.clientPort(ours.leader()), who, asked))
                        .isEqualTo(alone(theirs.clientPort(theirs.inState("leader")), who, asked))
                        .isEqualTo(ErrorCode.RECONFIG_DISABLED.code());
            }
        }
    }
}
