package dev.paddock.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.operator.planner.Role;
import org.junit.jupiter.api.Test;

final class ReportTest {

    /** As Apache ZooKeeper 3.9 answers. */
    @Test
    void aServingServerSaysItsRoleAndZxid() {
        String answer = """
                Zookeeper version: 3.9.5-abc, built on 2026-01-01 00:00 UTC
                Latency min/avg/max: 0/0.0/0
                Received: 2
                Zxid: 0x700000005
                Mode: leader
                Node count: 5
                Proposal sizes last/min/max: 36/36/36
                """;
        assertThat(Report.parse(answer)).contains(new Report(Role.LEADER, 0x700000005L));
        assertThat(Report.parse(answer).orElseThrow().epoch()).isEqualTo(7);
    }

    @Test
    void anythingElseIsNotServing() {
        assertThat(Report.parse("This ZooKeeper instance is not currently serving requests\n"))
                .isEmpty();
        assertThat(Report.parse("srvr is not executed because it is not in the whitelist.\n"))
                .isEmpty();
        assertThat(Report.parse("Mode: leader\nZxid: zebra\n")).isEmpty();
        assertThat(Report.parse("")).isEmpty();
    }
}
