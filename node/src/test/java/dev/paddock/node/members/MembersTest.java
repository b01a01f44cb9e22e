package dev.paddock.node.members;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembersTest {
    private static final String THREE = """
            server.1=a:2888:3888:participant;0.0.0.0:2181
            server.2=[0:0:0:0:0:0:0:1]:2888:3888:participant
            server.3=c:2888:3888:participant
            server.9=d:2888:3888:observer
            version=100000001""";
    private static final String GROUPS = """
            server.1=a:2888:3888:participant
            server.2=b:2888:3888:participant
            server.3=c:2888:3888:participant
            server.4=d:2888:3888:participant
            server.5=e:2888:3888:participant
            group.1=1:2:3
            group.2=4
            group.3=5
            weight.1=1
            weight.2=1
            weight.3=3
            weight.4=1
            weight.5=0
            version=0""";

    @ParameterizedTest
    @ValueSource(strings = {THREE, GROUPS, "version=0"})
    void textIsReadAsItIsWritten(String text) {
        assertThat(Members.parse(text).text()).isEqualTo(text);
    }

    @Test
    void majorityOfVotersIsQuorum() {
        Members members = Members.parse(THREE);
        assertThat(members.voters()).containsExactly(1, 2, 3);
        assertThat(members.isObserver(9)).isTrue();
        assertThat(members.isQuorum(Set.of(1L, 3L)::contains)).isTrue();
        assertThat(members.isQuorum(Set.of(1L, 9L)::contains)).isFalse();
        assertThat(members.reachedByQuorum(sid -> sid * 10)).isEqualTo(20);
    }

    @Test
    void mostGroupsByMostOfTheirWeightAreQuorum() {
        Members members = Members.parse(GROUPS); // the third group has no weight
        assertThat(members.isQuorum(Set.of(3L, 4L)::contains)).isTrue();
        assertThat(members.isQuorum(Set.of(1L, 2L, 4L)::contains)).isFalse();
        assertThat(members.isQuorum(Set.of(1L, 2L, 3L, 5L)::contains)).isFalse();
        assertThat(members.reachedByQuorum(sid -> sid)).isEqualTo(3);
    }

    @Test
    void weightOfThoseThatCannotVoteIsInTheirGroup() {
        Members members = Members.parse("""
                server.1=a:1:2
                server.2=b:1:2
                server.9=c:1:2:observer
                group.1=1:2:9
                weight.9=1""");
        assertThat(members.isQuorum(Set.of(1L, 9L)::contains)).isFalse();
        assertThat(members.isQuorum(Set.of(1L, 2L)::contains)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server.x=a:1:2",
                "server.-1=a:1:2",
                "server.1=a:1",
                "dataDir=/tmp",
                "isobviouslygarbage",
                "version=xyz",
                "server.1=a:1:2\ngroup.1=1\ngroup.2=1",
                "server.1=a:1:2\nserver.2=a:3:4\ngroup.1=1"
            })
    void whatIsWrongIsSaid(String text) {
        assertThatThrownBy(() -> Members.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
