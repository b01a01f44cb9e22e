package dev.paddock.node.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.Perms;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** That no ACL makes the server slow: each access to its znode goes through all of it. */
class AclRulesTest {
    private static final AclRules RULES = AclRules.byDefault();
    private static final Id ADDRESS = new Id("ip", "10.0.0.7");

    private static List<Acl> ranges(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Acl(Perms.ALL, new Id("ip", "192.168." + i / 256 + "." + i % 256 + "/32")))
                .toList();
    }

    @Test
    void anAclHasSoManyEntries() {
        List<Acl> longest = ranges(AclRules.ENTRIES_MAX);
        assertThat(RULES.resolved(longest, List.of(ADDRESS))).isEqualTo(longest);
        assertThat(RULES.resolved(ranges(AclRules.ENTRIES_MAX + 1), List.of(ADDRESS)))
                .isNull();
    }

    @Test
    void entriesThatStandForManyCountAsMany() {
        List<Id> ids = IntStream.range(0, 40)
                .mapToObj(i -> new Id("digest", "user" + i + ":hash"))
                .toList();
        var asked = new ArrayList<Acl>();
        for (int perms = 1; perms <= 25; perms++) asked.add(new Acl(perms, new Id("auth", "")));
        assertThat(RULES.resolved(asked, ids)).hasSize(1_000);
        asked.add(new Acl(Perms.ALL, new Id("world", "anyone")));
        assertThat(RULES.resolved(asked, ids)).isNull();
        asked.set(25, new Acl(26, new Id("auth", "")));
        assertThat(RULES.resolved(asked, ids)).isNull();
    }

    @Test
    void whoeverIsAnyoneIsNotComparedWithOthers() {
        var acl = new ArrayList<>(ranges(47_000));
        acl.add(new Acl(Perms.READ, new Id("world", "anyone")));
        assertThat(RULES.permits(acl, Perms.READ, List.of(ADDRESS))).isTrue();
        assertThat(RULES.permits(acl, Perms.WRITE, List.of(ADDRESS))).isFalse();
    }
}
