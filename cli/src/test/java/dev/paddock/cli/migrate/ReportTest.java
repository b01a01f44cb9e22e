package dev.paddock.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.operator.migration.Engine;
import dev.paddock.operator.migration.Presence.Digests;
import dev.paddock.operator.migration.Presence.Membership;
import dev.paddock.operator.migration.Release;
import dev.paddock.operator.planner.Role;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Answers as Apache ZooKeeper 3.9.5 gives them, cut short. */
class ReportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void srvrTellsReleaseRoleAndZxid() {
        String answer = """
                Zookeeper version: 3.9.5-293c895a8d966a3ecb92872be4a1daf87d725da2, built on 2026-02-11 20:18 UTC
                Latency min/avg/max: 0/0.0/0
                Zxid: 0xf00000001
                Mode: %s
                Node count: 5
                """;
        assertThat(Report.server(answer.formatted("observer")))
                .contains(
                        new Report.Server(new Release(Engine.ZOOKEEPER, 3, 9, "3.9.5"), Role.OBSERVER, 0xf_0000_0001L));
        assertThat(Report.server(answer.formatted("standalone")))
                .as("no member")
                .isEmpty();
        assertThat(Report.server(answer.formatted("read-only"))).as("no leader").isEmpty();
        assertThat(Report.server("This ZooKeeper instance is not currently serving requests\n"))
                .isEmpty();
        assertThat(Report.server("")).isEmpty();
    }

    @Test
    void mismatchesAreTheSameByWordAndByAdminCommand() throws Exception {
        assertThat(Report.mismatches("zk_version\t3.9.5\nzk_digest_mismatches_count\t3\nzk_uptime\t1\n"))
                .contains(3L);
        assertThat(Report.mismatches("zk_version\t3.5.9\n")).as("before 3.6").isEmpty();
        assertThat(Report.mismatches(JSON.readTree("{\"digest_mismatches_count\" : 3, \"error\" : null}")))
                .contains(3L);
        assertThat(Report.mismatches(JSON.readTree("{\"command\" : \"monitor\"}")))
                .isEmpty();
    }

    @Test
    void digestsAreTheSameByWordAndByAdminCommand() throws Exception {
        Digests two = new Digests(new TreeMap<>(java.util.Map.of(0x1_0000_0080L, 7L, 0x1_0000_0100L, -3L)));
        assertThat(Report.digests("100000080: 7\n100000100: -3\n")).contains(two);
        assertThat(Report.digests("")).as("too few transactions").contains(new Digests(new TreeMap<>()));
        assertThat(Report.digests("This ZooKeeper instance is not currently serving requests"))
                .isEmpty();
        assertThat(Report.digests(JSON.readTree("{\"digests\" : [ {\"zxid\" : 4294967424, \"digestVersion\" : 2,"
                        + " \"digest\" : 7}, {\"zxid\" : 4294967552, \"digestVersion\" : 2, \"digest\" : -3} ]}")))
                .contains(two);
        assertThat(Report.digests(JSON.readTree("{\"error\" : \"no\"}"))).isEmpty();
    }

    @Test
    void confTellsWhoItIsAndWhoTheOthersAre() {
        String conf = """
                clientPort=2181
                serverId=3
                initLimit=10
                peerType=1
                membership:\s
                server.1=a:2888:3888:participant
                server.2=b:2888:3888:participant
                server.3=c:2888:3888:observer;0.0.0.0:2181
                version=100000000""";
        assertThat(Report.membership(conf))
                .contains(new Membership(3, new TreeSet<>(List.of(1L, 2L)), new TreeSet<>(List.of(3L))));
        assertThat(Report.membership("clientPort=2181\nserverId=0\n"))
                .as("alone")
                .isEmpty();
        assertThat(Report.membership("serverId=3\nmembership: \nnonsense")).isEmpty();
    }
}
