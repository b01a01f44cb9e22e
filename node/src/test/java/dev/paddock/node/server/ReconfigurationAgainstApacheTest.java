package dev.paddock.node.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.log.ConfigFiles;
import dev.paddock.node.members.Members;
import dev.paddock.node.members.Reconfiguration;
import dev.paddock.node.members.Reconfiguration.Outcome;
import dev.paddock.wire.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to change the members of three running Apache servers, each judged by ours too: same error, or same text. */
class ReconfigurationAgainstApacheTest {
    private static final String NINE = "server.9=10.0.0.9:2888:3888;2181";

    @TempDir
    Path folder;

    /** What is asked; {@code #1#} stands for the line of server 1, {@code #all#} for all three, {@code #led#} for the sids of followers. */
    private record Asked(
            @Nullable String joining,
            @Nullable String leaving,
            @Nullable String newMembers) {}

    private static List<Asked> table() {
        List<Asked> all = new ArrayList<>();
        for (String line : new String[] {
            NINE,
            "server.9=10.0.0.9:2888:3888:participant;10.0.0.9:2181",
            "server.9=10.0.0.9:2888:3888:observer;2181",
            "server.9=10.0.0.9:2888:3888: OBSERVER ;2181",
            " server.9 = 10.0.0.9:2888:3888;2181 ,, server.10=10.0.0.10:2888:3888:observer;[::]:2181",
            "9=10.0.0.9:2888:3888;2181",
            "any.thing.9=10.0.0.9:2888:3888;2181",
            "server.+9=10.0.0.9:2888:3888;2181",
            "server.9=[2001:db8::9]:2888:3888;[::1]:2181",
            "server.9=10.9:2888:3888;2181",
            "server.9=10.0.0.9:2888:3888;127.1:2181",
            "server.9==10.0.0.9:2888:3888;2181",
            "server.9=10.0.0.9:2888:3888;2181;",
            "server.9=10.0.0.9:2888:3888:;2181:",
            "server.9=10.0.0.9:+2888:3888;2181",
            "server.9",
            "server.9=",
            "server.9=10.0.0.9:2888:3888;2181=7",
            "server9=10.0.0.9:2888:3888;2181",
            "server.x=10.0.0.9:2888:3888;2181",
            "server.=10.0.0.9:2888:3888;2181",
            "server. 9=10.0.0.9:2888:3888;2181",
            "server.9=10.0.0.9:2888:3888",
            "server.9=10.0.0.9:2888:3888;",
            "server.9=10.0.0.9:2888",
            "server.9=10.0.0.9:2888;2181",
            "server.9=10.0.0.9:2888:3888:voter;2181",
            "server.9=10.0.0.9:2888:3888:observer:x;2181",
            "server.9=10.0.0.9:2888:2888;2181",
            "server.9=10.0.0.9:x:3888;2181",
            "server.9=10.0.0.9:2888: 3888;2181",
            "server.9=10.0.0.9:2888:3888;x",
            "server.9=10.0.0.9:2888:3888;10.0.0.9:x",
            "server.9=10.0.0.9:2888:3888;10.0.0.9:2181:3",
            "server.9=10.0.0.9:2888:3888;2181;2182",
            "server.9=10.0.0.9:2888:3888;:",
            "server.9=10.0.0.9:65536:3888;2181",
            "server.9=10.0.0.9:2888:-1;2181",
            "server.9=10.0.0.9:2888:3888;65536",
            "server.9=10.0.0.9:99999999999:3888;2181",
            "server.9=[2001:db8::9:2888:3888;2181",
            "server.9=[2001:db8::9]:;2181",
            "server.9=10.0.0.9:2888:3888|10.0.1.9:2888:3888;2181",
            "server.9=;2181",
            "server.9=;",
            NINE + ",server.10=10.0.0.9:2888:3889;2182",
            NINE + ",server.10=10.0.0.9:2889:2888;2182",
            NINE + ",server.10=10.0.0.9:2889:3889;10.0.0.9:3888",
            NINE + ",server.10=10.0.0.9:2889:3889;2181",
            NINE + ",server.9=10.0.0.9:2888:3888:observer;2181",
            "server.9=[2001:db8::9]:2888:3888;2181,server.10=[2001:db8:0::9]:2888:3889;2182",
            "server.9=127.0.0.1:2888:3888;2181,server.10=127.0.0.1:2888:3888;2181",
            "server.9=0.0.0.0:2888:3888;2181,server.10=0.0.0.0:2888:3888;2181",
            "server.9=10.0.0.9:2888:3888;2181,server.10=x",
            "",
            " , ",
        }) {
            all.add(new Asked(line, null, null));
        }
        for (String sids :
                new String[] {"#led0#", "#led0#,7", " 7 ,, 8", "", "x", "7x", "#led0#,#led1#", "1,2,3", "-1"}) {
            all.add(new Asked(null, sids, null));
        }
        all.add(new Asked(null, null, null));
        all.add(new Asked(NINE, "#led0#", null));
        all.add(new Asked(NINE, "#led0#,9", null));
        all.add(new Asked("x", "y", null));
        all.add(new Asked(NINE, "y", null));
        all.add(new Asked("x", "1", "#all#"));
        for (String members : new String[] {
            "#all#",
            "#1#,#2#,#3#",
            "#1#\n#2#\r\n#3#,version=77",
            "# a comment\n! another\n#1#\n  server.2 : #spec2#\nserver.3\t#spec3#",
            "#1#, #2# , #3#",
            "#1#\n#2#\n#3#\n" + NINE,
            "#1#\n#2#\n#3#\nserver.9=10.0.0.9:2888:3888:observer",
            "#1#\n#2#\n#3#\nserver.9=10.0.0.9:2888:\\\n   3888",
            "#1#\n#2#\n#3#\nserver.\\u0039=10.0.0.9:2888:3888",
            "#1#\n#2#\n#3#\nserver.\\u00zz=10.0.0.9:2888:3888",
            "#1#\n#2#\n#3#\nserver.9=10.0.0.9:2888:3888\nserver.9=10.0.0.9:2889:3889:observer",
            "#1#\n#2#\n#3#\nserver.9=10.0.0.9:2888:3888\nserver.10=10.0.0.9:2888:3888",
            "#1#\n#2#\n#3#\nversion=x",
            "#1#\n#2#\n#3#\nversion=x\ndataDir=/x",
            "#1#\n#2#\n#3#\ndataDir=/x",
            "#1#\n#2#\n#3#\nserver=1",
            "#1#\n#2#\n#3#\nserver.x=10.0.0.9:2888:3888",
            "#1#\n#2#\n#3#\nserver.9.9=10.0.0.9:2888:3888",
            "#1#\n#2#\n#3#\nserver.9",
            "#1#\n#2#\n#3#\nserver.9=10.0.0.9:2888:3888;2181 ",
            "#1#\n#2#\n#3#\nserver.9=10.0.0.9:65536:3888",
            "#1#\n#2#\n#3#\nserver.9=10.0.0.9:2888:2888",
            "#1#\n#2#\n#3#\n\\ server.x=1",
            "",
            "version=1",
            "#leader#",
            "#leader#\nserver.9=10.0.0.9:2888:3888:observer",
            "server.9=10.0.0.9:2888:3888:observer",
            "#all#\ngroup.1=1:2:3",
            "#all#\ngroup.1=1:2\ngroup.2=3\nweight.1=2\nweight.3=0",
            "#all#\nweight.1=2",
            "#all#\ngroup.1=1:2",
            "#all#\ngroup.1=1:2\ngroup.2=2:3",
            "#all#\ngroup.1=1:2:3:4",
            "#all#\ngroup.1=1:2:3:4\nweight.4=1",
            "#all#\ngroup.1=1:2:3\nweight.7=1",
            "#all#\nserver.9=10.0.0.9:2888:3888:observer\ngroup.1=1:2:3",
            "#all#\nserver.9=10.0.0.9:2888:3888:observer\ngroup.1=1:2:3:9",
            "#all#\ngroup.1=1:2:x",
            "#all#\ngroup.1=",
            "#all#\ngroup.x=1:2:3",
            "#all#\ngroup=1:2:3",
            "#all#\ngroups=1:2:3",
            "#all#\ngroup.1=1:2:3\nweight.1=x",
            "#all#\ngroup.1=1:2:3\nweight.x=1",
            "#all#\ngroup.1=1:2:3\nweights=1",
            "#all#\ngroup.1=1:2:3\ndataDir=1",
            "#all#\ngroup.1=1: 2:3",
        }) {
            all.add(new Asked(null, null, members));
        }
        return all;
    }

    @SuppressWarnings("try") // its close() may be interrupted
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyRequestIsJudgedAlike(boolean standaloneEnabled) throws Exception {
        String[] settings = {"reconfigEnabled=true", "standaloneEnabled=" + standaloneEnabled, "skipACL=yes"};
        try (var apache = new ApacheServers(folder, 3, settings)) {
            apache.startAll();
            long leader = apache.inState("leader");
            try (var client = new ZooKeeperAdmin("127.0.0.1:" + apache.clientPort(leader), 30_000, event -> {})) {
                String original = config(client);
                List<String> differences = new ArrayList<>();
                int accepted = 0;
                for (Asked asked : table()) {
                    Asked named = named(asked, original, leader);
                    Members lastSeen = Members.parse(config(client));
                    var stat = new Stat();
                    String theirs = theirs(client, named, stat);
                    String ours = ours(lastSeen, named, standaloneEnabled, stat.getMzxid());
                    if (!sorted(theirs).equals(sorted(ours)))
                        differences.add(named + "\ntheirs: " + theirs + "\nours:   " + ours);
                    if (stat.getMzxid() == 0) continue;
                    accepted++;
                    reset(client, original);
                }
                assertThat(differences).isEmpty();
                readsWhatApacheWrote(leader, config(client));
                assertThat(accepted).isBetween(30, table().size() - 30);
            }
        }
    }

    /** From its files, Apache's server would start as ours: of a table of reconfigurations, with the last. */
    private void readsWhatApacheWrote(long sid, String config) throws Exception {
        Path zooCfg = folder.resolve("apache" + sid + ".cfg");
        NodeConfig read = NodeConfig.read(zooCfg);
        assertThat(sorted(read.ensemble().members().text())).isEqualTo(sorted(config));
        String dynamic = Files.readString(read.ensemble().dynamicConfigFile().orElseThrow());

        Path ours = folder.resolve("ours.cfg");
        Files.copy(folder.resolve("apache" + sid + ".cfg.bak"), ours);
        ConfigFiles.of(ours, sid).committed(Members.parse(config));
        NodeConfig again = NodeConfig.read(ours);
        assertThat(again.ensemble().members()).isEqualTo(read.ensemble().members());
        assertThat(again.ensemble().dynamicConfigFile().orElseThrow()).hasContent(dynamic);
        assertThat(again.clientPort()).isEqualTo(read.clientPort());
    }

    /** After members that vote in groups, nothing but the whole is taken. */
    @SuppressWarnings("try") // its close() may be interrupted
    @ParameterizedTest
    @ValueSource(strings = {"group.1=1:2:3"})
    void groupsTakeOnlyTheWhole(String groups) throws Exception {
        try (var apache = new ApacheServers(folder, 3, "reconfigEnabled=true", "skipACL=yes", groups)) {
            apache.startAll();
            try (var client = new ZooKeeperAdmin("127.0.0.1:" + apache.clientPort(1), 30_000, event -> {})) {
                Members lastSeen = Members.parse(config(client));
                for (Asked asked :
                        List.of(new Asked(NINE, null, null), new Asked("x", null, null), new Asked(null, "x", null))) {
                    assertThat(ours(lastSeen, asked, true, 0))
                            .isEqualTo(theirs(client, asked, new Stat()))
                            .isEqualTo("-8");
                }
            }
        }
    }

    /** Apache's lines come in the order of a hash table. */
    private static List<String> sorted(String text) {
        return text.lines().sorted().toList();
    }

    private static String config(ZooKeeperAdmin client) throws KeeperException, InterruptedException {
        return new String(client.getConfig(false, new Stat()), UTF_8);
    }

    private static String theirs(ZooKeeperAdmin client, Asked asked, Stat stat) throws InterruptedException {
        try {
            byte[] text = client.reconfigure(asked.joining, asked.leaving, asked.newMembers, -1, stat);
            return new String(text, UTF_8);
        } catch (KeeperException e) {
            return Integer.toString(e.code().intValue());
        }
    }

    private static String ours(Members lastSeen, Asked asked, boolean standaloneEnabled, long zxid) {
        return switch (Reconfiguration.judge(
                lastSeen, asked.joining, asked.leaving, asked.newMembers, standaloneEnabled, zxid)) {
            case Outcome.Accepted(Members next) -> next.text();
            case Outcome.Refused(ErrorCode error, String why) -> Integer.toString(error.code());
        };
    }

    private static void reset(ZooKeeperAdmin client, String original) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(KeeperException.class)
                .untilAsserted(() -> client.reconfigure((String) null, null, original, -1, new Stat()));
    }

    private static Asked named(Asked asked, String original, long leader) {
        return new Asked(
                named(asked.joining, original, leader),
                named(asked.leaving, original, leader),
                named(asked.newMembers, original, leader));
    }

    private static @Nullable String named(@Nullable String text, String original, long leader) {
        if (text == null) return null;
        List<String> lines = original.lines().toList();
        String named = text.replace("#all#", String.join("\n", lines.subList(0, 3)))
                .replace("#leader#", lines.get((int) leader - 1));
        for (int sid = 1; sid <= 3; sid++) {
            named = named.replace("#" + sid + "#", lines.get(sid - 1))
                    .replace("#spec" + sid + "#", lines.get(sid - 1).substring("server.1=".length()));
        }
        long[] led = {leader == 1 ? 2 : 1, leader == 3 ? 2 : 3};
        return named.replace("#led0#", Long.toString(led[0])).replace("#led1#", Long.toString(led[1]));
    }
}
