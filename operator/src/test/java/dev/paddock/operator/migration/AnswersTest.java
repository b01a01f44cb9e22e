package dev.paddock.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.operator.migration.Presence.Digests;
import dev.paddock.operator.migration.Presence.Membership;
import dev.paddock.operator.planner.Role;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Answers as Apache ZooKeeper 3.9.5 gives them, cut short. */
final class AnswersTest {

    @Test
    void srvrTellsReleaseRoleAndZxid() {
        String answer = """
                Zookeeper version: 3.9.5-293c895a8d966a3ecb92872be4a1daf87d725da2, built on 2026-02-11 20:18 UTC
                Latency min/avg/max: 0/0.0/0
                Zxid: 0xf00000001
                Mode: %s
                Node count: 5
                """;
        assertThat(Answers.server(answer.formatted("observer")))
                .contains(new Answers.Server(
                        new Release(Engine.ZOOKEEPER, 3, 9, "3.9.5"), Role.OBSERVER, 0xf_0000_0001L));
        assertThat(Answers.server(answer.formatted("standalone")))
                .as("no member")
                .isEmpty();
        assertThat(Answers.server(answer.formatted("read-only")))
                .as("no leader")
                .isEmpty();
        assertThat(Answers.server("This ZooKeeper instance is not currently serving requests\n"))
                .isEmpty();
        assertThat(Answers.server("")).isEmpty();
    }

    @Test
    void mntrTellsMismatches() {
        assertThat(Answers.mismatches("zk_version\t3.9.5\nzk_digest_mismatches_count\t3\nzk_uptime\t1\n"))
                .contains(3L);
        assertThat(Answers.mismatches("zk_digest_mismatches_count\t3.0\n"))
                .as("where they go to Prometheus")
                .contains(3L);
        assertThat(Answers.mismatches("zk_digest_mismatches_count\tNaN\n")).isEmpty();
        assertThat(Answers.mismatches("zk_version\t3.5.9\n")).as("before 3.6").isEmpty();
    }

    @Test
    void hashTellsDigests() {
        assertThat(Answers.digests("100000080: 7\n100000100: -3\n"))
                .contains(new Digests(new TreeMap<>(Map.of(0x1_0000_0080L, 7L, 0x1_0000_0100L, -3L))));
        assertThat(Answers.digests("")).as("too few transactions").contains(new Digests(new TreeMap<>()));
        assertThat(Answers.digests("This ZooKeeper instance is not currently serving requests"))
                .isEmpty();
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
        assertThat(Answers.membership(conf))
                .contains(new Membership(3, new TreeSet<>(List.of(1L, 2L)), new TreeSet<>(List.of(3L))));
        assertThat(Answers.membership("clientPort=2181\nserverId=0\n"))
                .as("alone")
                .isEmpty();
        assertThat(Answers.membership("serverId=3\nmembership: \nnonsense")).isEmpty();
    }
}
