package dev.paddock.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands, one by one, with what they print and their exit codes. */
class ShellTest {
    private static Servers servers;
    private Printed shell;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        servers = new Servers(folder, 1);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @BeforeEach
    void open() throws InterruptedException {
        shell = new Printed(servers);
        shell.run("create", "/t", "root");
        shell.out();
        shell.err();
    }

    @AfterEach
    void clean() {
        shell.run("deleteall", "/t");
        shell.close();
    }

    @Test
    void everyCommandOfZkCliIsThere() {
        assertThat(shell.run("help")).isZero();
        assertThat(shell.out())
                .contains(
                        "addWatch",
                        "addauth",
                        "close",
                        "config",
                        "connect",
                        "create",
                        "delete",
                        "deleteall",
                        "delquota",
                        "get",
                        "getAcl",
                        "getAllChildrenNumber",
                        "getEphemerals",
                        "history",
                        "listquota",
                        "ls",
                        "printwatches",
                        "quit",
                        "reconfig",
                        "redo",
                        "removewatches",
                        "set",
                        "setAcl",
                        "setquota",
                        "stat",
                        "sync",
                        "version",
                        "whoami");
        assertThat(shell.run("ls", "--help")).isZero();
        assertThat(shell.out()).startsWith("Usage:  ls ").contains("-R", "--prefix", "Examples:");
    }

    @Test
    void exitCodesTellRefusedFromWrong() {
        assertThat(shell.run("get", "/nowhere")).isEqualTo(1);
        assertThat(shell.err()).startsWith("Node does not exist: /nowhere");
        assertThat(shell.run("delete", "/t/a/b")).isEqualTo(1);
        assertThat(shell.run("get")).isEqualTo(2);
        assertThat(shell.run("nonsense")).isEqualTo(2);
        assertThat(shell.run("get", "relative")).isEqualTo(2);
        assertThat(shell.run("create", "-c", "-e", "/t/x")).isEqualTo(2);
        assertThat(shell.run("deleteall", "/")).isEqualTo(2);
        assertThat(shell.run("set", "-v", "x", "/t", "d")).isEqualTo(2);
        assertThat(shell.run("stat", "/nowhere")).isEqualTo(1);
        assertThat(shell.run("ls", "/t")).isZero();
    }

    @Test
    void refusalsSayWhatToDo() {
        shell.run("create", "/t/a/b");
        assertThat(shell.err()).startsWith("Node does not exist: /t/a/b\n(ls /t/a shows what is there;");
        shell.run("create", "/t/a");
        shell.run("delete", "/t");
        assertThat(shell.err()).isEqualTo("Node not empty: /t\n(deleteall /t deletes it with all below it)\n");
        shell.run("reconfig", "-remove", "1");
        assertThat(shell.err()).isNotEmpty();
    }

    @Test
    void listsInOrderWithStatAndTree() {
        for (String name : new String[] {"b", "a", "c", "a/x"}) shell.run("create", "/t/" + name);
        shell.out();
        shell.run("ls", "/t");
        assertThat(shell.out()).isEqualTo("[a, b, c]\n");
        shell.run("ls", "-s", "/t");
        assertThat(shell.out()).startsWith("[a, b, c]\ncZxid = 0x").contains("\nnumChildren = 3\n");
        shell.run("ls", "-R", "/t");
        assertThat(shell.out()).isEqualTo("/t\n/t/a\n/t/a/x\n/t/b\n/t/c\n");
        shell.run("ls", "--prefix", "c", "/t");
        assertThat(shell.out()).isEqualTo("[c]\n");
        shell.run("getAllChildrenNumber", "/t");
        assertThat(shell.out()).isEqualTo("4\n");
    }

    @Test
    void listsPageByPage() {
        for (int i = 0; i < 10; i++) shell.run("create", "/t/n" + i);
        shell.out();
        int listed = 0;
        String after = "";
        for (int i = 0; i < 4; i++) {
            assertThat(shell.run("ls", "--limit", "3", "--after", after, "/t")).isZero();
            listed += shell.out().split(",", -1).length;
            String hint = shell.err();
            assertThat(hint.contains("--after")).isEqualTo(i < 3);
            if (i < 3) after = hint.substring(hint.indexOf('\'') + 1, hint.lastIndexOf('\''));
        }
        assertThat(listed).isEqualTo(10);
    }

    @Test
    void readsAndWritesData() {
        shell.run("set", "-s", "/t", "d1");
        assertThat(shell.out()).contains("dataVersion = 1", "dataLength = 2");
        shell.run("get", "-b", "/t");
        assertThat(shell.out()).isEqualTo("ZDE=\n");
        shell.run("get", "-x", "/t");
        assertThat(shell.out()).contains("|00000000| 64 31 ");
        shell.run("set", "-b", "/t", "AAE=");
        shell.run("get", "-x", "/t");
        assertThat(shell.out()).contains("|00000000| 00 01 ");
        assertThat(shell.run("set", "-b", "/t", "no base64")).isEqualTo(2);
        assertThat(shell.run("set", "-v", "99", "/t", "x")).isEqualTo(1);
        assertThat(shell.err()).contains("version No is not valid : /t");
        shell.run("set", "/t", "-dash");
        shell.run("get", "/t");
        assertThat(shell.out()).isEqualTo("-dash\n");
    }

    @Test
    void createsOfAllKinds() {
        shell.run("create", "-e", "-s", "/t/es-", "x");
        assertThat(shell.out()).isEqualTo("Created /t/es-0000000000\n");
        shell.run("getEphemerals", "/t");
        assertThat(shell.out()).isEqualTo("[/t/es-0000000000]\n");
        shell.run("create", "-c", "/t/box");
        assertThat(shell.out()).isEqualTo("Created /t/box\n");
        assertThat(shell.run("create", "-t", "60000", "/t/ttl", "x")).isEqualTo(1); // off at this server
        assertThat(shell.err()).contains("(this server cannot; a TTL needs extendedTypesEnabled=true)");
    }

    @Test
    void setsAclsBelow() {
        shell.run("create", "/t/a");
        shell.run("create", "/t/a/b");
        assertThat(shell.run("setAcl", "-R", "/t", "world:anyone:cdra")).isZero();
        shell.out();
        shell.run("getAcl", "/t/a/b");
        assertThat(shell.out()).isEqualTo("'world,'anyone\n: cdra\n");
        assertThat(shell.run("set", "/t/a", "x")).isEqualTo(1);
        assertThat(shell.err()).startsWith("Insufficient permission : /t/a\n(");
        shell.run("addauth", "digest", "ben:secret");
        shell.run("whoami");
        assertThat(shell.out()).startsWith("Auth scheme: User\n").contains("\nip: 127.0.0.1\n", "\ndigest: ben\n");
    }

    @Test
    void printsWatchesUntilTheyAreRemoved() {
        shell.run("addWatch", "/t");
        shell.run("create", "/t/a");
        awaitPrinted("WATCHER::\n\nWatchedEvent state:SyncConnected type:NodeCreated path:/t/a zxid: ");
        shell.run("removewatches", "/t");
        assertThat(shell.run("removewatches", "/t")).isEqualTo(1);
        shell.run("get", "-w", "/t");
        shell.run("set", "/t", "y");
        awaitPrinted("type:NodeDataChanged path:/t");
        shell.run("ls", "-w", "/t");
        shell.run("create", "/t/b");
        awaitPrinted("type:NodeChildrenChanged path:/t");
        shell.run("stat", "-w", "/t/later");
        shell.run("create", "/t/later");
        awaitPrinted("type:NodeCreated path:/t/later");
        shell.run("printwatches", "off");
        shell.run("printwatches");
        assertThat(shell.out()).endsWith("printwatches is off\n");
    }

    private void awaitPrinted(String text) {
        var all = new StringBuilder();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> all.append(shell.out()).toString().contains(text));
    }

    @Test
    void quotas() {
        shell.run("create", "/t/q");
        assertThat(shell.run("setquota", "-n", "5", "/t/q")).isZero();
        assertThat(shell.run("setquota", "-B", "100", "/t/q")).isZero();
        shell.out();
        assertThat(shell.run("listquota", "/t/q")).isZero();
        assertThat(shell.out())
                .startsWith("Output quota for /t/q count=5,bytes=-1=;byteHardLimit=100;countHardLimit=-1\n")
                .contains("Output stat for /t/q count=");
        assertThat(shell.run("setquota", "-n", "5", "/t")).isEqualTo(1);
        assertThat(shell.err()).contains("/t has a child /t/q which has a quota");
        shell.run("create", "/t/q/below");
        assertThat(shell.run("setquota", "-n", "5", "/t/q/below")).isEqualTo(1);
        assertThat(shell.err()).contains("has a parent /t/q which has a quota");
        assertThat(shell.run("delquota", "-n", "/t/q")).isZero();
        shell.out();
        shell.run("listquota", "/t/q");
        assertThat(shell.out()).contains("count=-1,bytes=-1=;byteHardLimit=100");
        assertThat(shell.run("delquota", "/t/q")).isZero();
        assertThat(shell.run("listquota", "/t/q")).isEqualTo(1);
        assertThat(shell.run("ls", "/zookeeper/quota/t")).isEqualTo(1);
    }

    @Test
    void aDialogueRemembersItsLines() throws Exception {
        String typed = """
                create /t/a x
                get /t/a

                history
                redo 1
                redo 3
                redo 77
                close
                get /t/a
                connect %s
                get '/t/a'
                'open
                quit
                get /t/never
                """.formatted(servers.connectString());
        int exitCode = shell.shell.converse(new BufferedReader(new StringReader(typed)), true);
        assertThat(exitCode).isZero();
        String out = shell.out();
        assertThat(out).startsWith("[zk: " + servers.connectString() + "(CONNECTED) 0] Created /t/a\n");
        assertThat(out)
                .contains("0 - create /t/a x\n1 - get /t/a\n2 - history\n")
                .contains("3] x\n")
                .contains("4] x\n");
        assertThat(out).contains("(CLOSED) 7] ").contains("9] x\n").doesNotContain("never");
        assertThat(shell.err()).contains("Command index out of range", "Not connected", "a ' is left open");
    }

    @Test
    void saysWhoItIs() {
        shell.run("version");
        assertThat(shell.out()).startsWith("Paddock CLI version: ");
        shell.run("config");
        shell.run("sync", "/");
        assertThat(shell.out()).endsWith("Sync is OK\n");
        assertThat(Text.clientsPart(
                        "server.1=a:2888:3888:participant;10.0.0.1:2181\nserver.2=b:2888:3888;2182\nversion=1f"))
                .isEqualTo("1f 10.0.0.1:2181,0.0.0.0:2182");
    }
}
