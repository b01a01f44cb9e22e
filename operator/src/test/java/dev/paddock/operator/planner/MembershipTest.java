package dev.paddock.operator.planner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class MembershipTest {
    @Test
    void readsTheMembersInTheConfigurationOfAServer() {
        assertThat(Membership.parse("""
                        clientPort=21811
                        serverId=1
                        membership:\s
                        server.1=127.0.0.1:28881:38881:participant;127.0.0.1:21811
                        server.2=127.0.0.1:28882:38882:participant
                        server.12=[::1]:28884:38884:observer;[::]:21814
                        version=20000000a"""))
                .contains(new Membership(
                        new TreeSet<>(List.of(1, 2)),
                        new TreeSet<>(List.of(12)),
                        new TreeSet<>(List.of(1)),
                        0x20000000aL));
    }

    @Test
    void findsNoneWhereThereAreNone() {
        assertThat(Membership.parse("This ZooKeeper instance is not currently serving requests"))
                .isEmpty();
        assertThat(Membership.parse("clientPort=21811\nserverId=0\n")).isEmpty();
    }
}
