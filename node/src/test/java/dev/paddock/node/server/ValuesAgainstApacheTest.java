package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The values that words and admin commands show after the same requests to Apache's servers and ours: whatever those
 * requests determine is equal.
 */
class ValuesAgainstApacheTest {
    private static final int TIMEOUT_MILLIS = 100_000; // no session ends while this goes on
    private static final String[] SETTINGS = {
        "4lw.commands.whitelist=*", "maxSessionTimeout=" + TIMEOUT_MILLIS, "digest.enabled=true"
    };

    /** Keys of mntr whose values the requests do not determine, and why. */
    private static final Map<String, String> OPEN = Map.ofEntries(
            Map.entry("zk_version", "each has its own"),
            Map.entry("zk_(leader_)?uptime", "a time"),
            Map.entry("zk_(avg|min|max)_latency", "a time"),
            Map.entry("zk_(avg|min|max|sum|p50|p95|p99|p999)_.*(latency|time|time_ms|_ms)", "a time"),
            Map.entry("zk_(open|max)_file_descriptor_count", "of the process"),
            Map.entry("zk_(cnt|avg|min|max|sum)_(fsynctime|.*snapshottime|snapshottime|dbinittime)", "up to the disk"),
            Map.entry("zk_cnt_jvm_pause_time_ms", "up to the machine"),
            Map.entry("zk_observer_master_id", "whoever leads; looked at by itself"),
            Map.entry("zk_disk_damage_found_count", "Apache's server does not start on what is damaged"),
            Map.entry("zk_(disk_full|disk_usable_bytes|writes_refused_disk_full_count)", "Apache does not look"),
            Map.entry("zk_(cnt|avg|max)_sync_processor_batch_size", "up to the disk"),
            Map.entry("zk_min_proposal_size", "a refused write is the smallest, and has no digest in Apache"),
            Map.entry("zk_cnt_request_throttle_queue_time_ms", "Apache measures those too that do not wait"),
            Map.entry("zk_non_mtls_local_conn_count", "Apache counts them where Netty is its factory"),
            Map.entry("zk_.*_ack_latency", "Apache measures each thousandth"));

    @TempDir
    Path folder;

    @Test
    void aloneTheyCountAlike() throws Exception {
        try (var theirs = new ApacheServers(folder, 1, SETTINGS);
                var ours = new LocalEnsemble(folder, 1, SETTINGS)) {
            theirs.startAll();
            ours.startAll();
            ours.awaitServing();
            var soft = new SoftAssertions();
            compareStart(soft, metrics(theirs.clientPort(1)), metrics(ours.clientPort(1)));
            try (var apache = new Side(theirs.clientPort(1), theirs.adminPort(1));
                    var paddock = new Side(ours.clientPort(1), ours.adminPort(1))) {
                for (Side side : List.of(apache, paddock)) {
                    side.reset();
                    side.play("/first");
                }
                compare(soft, "standalone", apache, paddock);
            }
            soft.assertAll();
        }
    }

    @Test
    void asMembersTheyCountAlike() throws Exception {
        try (var theirs = new ApacheServers(folder, 4, SETTINGS);
                var ours = new LocalEnsemble(folder, 4, SETTINGS).withObserversFrom(4)) {
            theirs.observer = 4;
            theirs.startAll();
            ours.startAll();
            ours.awaitServing();
            var soft = new SoftAssertions();
            List<Side> apache = new ArrayList<>();
            List<Side> paddock = new ArrayList<>();
            List<String> roles = List.of("leader", "follower", "observer");
            for (String role : roles) {
                long his = theirs.inState(role);
                long mine = ours.inState(role);
                apache.add(new Side(theirs.clientPort(his), theirs.adminPort(his)));
                paddock.add(new Side(ours.clientPort(mine), ours.adminPort(mine)));
            }
            assertThat(metrics(paddock.getLast().port).get("zk_observer_master_id"))
                    .isEqualTo(Long.toString(ours.inState("leader")));
            assertThat(metrics(apache.getLast().port).get("zk_observer_master_id"))
                    .isEqualTo(Long.toString(theirs.inState("leader")));
            for (int i = 0; i < roles.size(); i++) {
                compareRole(soft, roles.get(i), metrics(apache.get(i).port), metrics(paddock.get(i).port));
            }
            for (List<Side> sides : List.of(apache, paddock)) {
                for (Side side : sides) side.reset();
                for (int i = 0; i < roles.size(); i++) sides.get(i).play("/" + roles.get(i));
                for (Side side : sides) side.awaitZxid(sides.getFirst());
            }
            for (int i = 0; i < roles.size(); i++) compare(soft, roles.get(i), apache.get(i), paddock.get(i));
            for (Side side : apache) side.close();
            for (Side side : paddock) side.close();
            soft.assertAll();
        }
    }

    /** What a start alone determines, before the counts are set back. */
    private static void compareStart(SoftAssertions soft, Map<String, String> theirs, Map<String, String> ours) {
        for (String key : List.of(
                "zk_cnt_election_time",
                "zk_cnt_unavailable_time",
                "zk_cnt_leader_unavailable_time",
                "zk_cnt_quorum_ack_latency",
                "zk_cnt_follower_sync_time",
                "zk_cnt_observer_sync_time",
                "zk_looking_count",
                "zk_quorum_size",
                "zk_observer_master_id")) {
            soft.assertThat(ours.get(key)).as(key + " after a start").isEqualTo(theirs.get(key));
        }
    }

    /** Of an ensemble that has just come up: how often its members looked for a leader is up to who came first. */
    private static void compareRole(
            SoftAssertions soft, String role, Map<String, String> theirs, Map<String, String> ours) {
        soft.assertThat(ours.get("zk_quorum_size"))
                .as("voters, of a %s", role)
                .isEqualTo(theirs.get("zk_quorum_size"))
                .isEqualTo("3");
        soft.assertThat(ours.containsKey("zk_observer_master_id")).isEqualTo(role.equals("observer"));
        soft.assertThat(theirs.containsKey("zk_observer_master_id")).isEqualTo(role.equals("observer"));
        for (String key : List.of("zk_cnt_election_time", "zk_cnt_follower_sync_time", "zk_cnt_observer_sync_time")) {
            soft.assertThat(ours.get(key).equals("0"))
                    .as("%s is 0, of a %s", key, role)
                    .isEqualTo(theirs.get(key).equals("0"));
        }
    }

    private static void compare(SoftAssertions soft, String what, Side apache, Side paddock) throws Exception {
        soft.assertThat(connections(Words.ask(paddock.port, "cons")))
                .as("cons of a %s", what)
                .isEqualTo(connections(Words.ask(apache.port, "cons")));
        soft.assertThat(connections(Admin.json(paddock.adminPort, "connections")))
                .as("connections of a %s", what)
                .isEqualTo(connections(Admin.json(apache.adminPort, "connections")));
        Map<String, String> theirs = metrics(apache.port);
        Map<String, String> ours = metrics(paddock.port);
        ours.forEach((key, value) -> {
            if (OPEN.keySet().stream().noneMatch(open -> Pattern.matches(open, key))) {
                soft.assertThat(number(value)).as("%s of a %s", key, what).isEqualTo(number(theirs.get(key)));
            }
        });
        assertThat(ours).hasSizeGreaterThan(200);
    }

    /** Apache shows some counts with a fraction. */
    private static String number(String value) {
        return value == null ? "none" : value.replaceFirst("\\.0$", "");
    }

    private static Map<String, String> metrics(int port) throws IOException {
        var metrics = new TreeMap<String, String>();
        Words.ask(port, "mntr").lines().map(line -> line.split("\t", 2)).forEach(part -> metrics.put(part[0], part[1]));
        return metrics;
    }

    /** Each connection but for its address, its session's number and what times there are. */
    private static List<String> connections(String cons) {
        return cons.lines()
                .map(line -> line.replaceAll("^ /127.0.0.1:\\d+", "")
                        .replaceAll("(sid=0x|(est|lresp|lat)=)[0-9a-f]+", "$1N"))
                .map(line -> line.replaceFirst("lzxid=0x\\d+(?=[0-9a-f]{8})", "lzxid=0xE")) // its epoch
                .sorted()
                .toList();
    }

    private static List<String> connections(JsonNode answer) {
        List<String> connections = new ArrayList<>();
        for (JsonNode each : answer.get("connections")) {
            connections.add("%s %s %s %s %s"
                    .formatted(
                            each.get("packets_received"),
                            each.get("packets_sent"),
                            each.get("last_operation"),
                            each.get("last_cxid"),
                            each.get("last_zxid").asLong() & 0xffff_ffffL));
        }
        connections.sort(null);
        return connections;
    }

    /** A server to be talked to, and who talks to it. */
    private static final class Side implements AutoCloseable {
        final int port;
        final int adminPort;
        private final List<SessionSocket> clients = new ArrayList<>();

        Side(int port, int adminPort) {
            this.port = port;
            this.adminPort = adminPort;
        }

        private SessionSocket open(long session) throws IOException {
            clients.add(SessionSocket.open(port, TIMEOUT_MILLIS, session));
            return clients.getLast();
        }

        /** Counts from 0 on, once there is an admin port, which Apache opens last. */
        void reset() throws Exception {
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptionsInstanceOf(ConnectException.class)
                    .until(() -> Admin.get(adminPort, "/commands").statusCode() == 200);
            Words.ask(port, "srst");
        }

        /** Some of all that is counted, one after the other. */
        void play(String path) throws Exception {
            open(0); // and no more
            SessionSocket busy = open(0);
            writes(busy, path);
            reads(busy, path);
            SessionSocket refused = open(0);
            assertThat(refused.ask(create(path, 0))).endsWith("err -110");
            SessionSocket quiet = open(0);
            assertThat(quiet.ask(-2, new Request.Ping())).isEqualTo("xid -2 err 0");
            SessionSocket moving = open(0);
            moving.ask(new Request.Exists(path, true));
            open(moving.sessionId); // back on another connection
            assertThat(moving.rest()).isEqualTo("closed");
            SessionSocket ends = open(0);
            assertThat(ends.ask(new Request.CloseSession())).endsWith("err 0");
            assertThat(ends.rest()).isEqualTo("closed");
            SessionSocket vanishes = open(0);
            vanishes.ask(new Request.GetData("/", false));
            vanishes.close();
            Words.ask(port, "ruok");
            await().until(() ->
                    Admin.json(adminPort, "connections").get("connections").size() == 5);
        }

        private static void writes(SessionSocket client, String path) throws IOException {
            client.ask(create(path, 0));
            client.ask(create(path + "/ephemeral", 1));
            client.ask(new Request.GetData(path, true));
            client.send(new Request.SetData(path, new byte[30], -1));
            assertThat(client.answer()).startsWith("xid -1"); // the event
            client.answer();
            client.ask(new Request.SetData(path, new byte[30], 77));
            client.askMulti((Request.WriteOp) create(path + "/multi", 0), new Request.Delete(path + "/multi", -1));
            client.askMulti(new Request.Check(path, 77), new Request.Delete(path + "/none", -1));
            client.ask(new Request.Sync(path));
        }

        private static void reads(SessionSocket client, String path) throws IOException {
            client.ask(new Request.GetChildren2(path, true));
            client.ask(new Request.GetChildren(path, false));
            client.ask(new Request.Exists(path + "/none", true));
            client.ask(new Request.GetData(path, false));
            client.ask(new Request.GetAcl(path));
            client.ask(new Request.AddWatch(path + "/more", 1));
            client.ask(new Request.RemoveWatches(path + "/others", 3));
            client.ask(-4, new Request.Auth(0, "digest", "bob:secret".getBytes(StandardCharsets.UTF_8)));
            client.ask(new Request.WhoAmI());
            client.ask(new Request.GetEphemerals("/"));
        }

        private static Request create(String path, int flags) {
            return new Request.Create(path, new byte[3], Acl.OPEN_UNSAFE, flags);
        }

        /** Until this server has done all that the other one did. */
        void awaitZxid(Side other) {
            await().atMost(Duration.ofSeconds(30)).until(() -> zxid(adminPort) >= zxid(other.adminPort));
        }

        private static long zxid(int adminPort) throws Exception {
            return Admin.json(adminPort, "server_stats")
                    .get("server_stats")
                    .get("last_processed_zxid")
                    .asLong();
        }

        @Override
        public void close() throws IOException {
            for (SessionSocket client : clients) client.close();
        }
    }
}
