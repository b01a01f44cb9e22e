package dev.paddock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The nulls of an id, as Apache ZooKeeper 3.9.5 takes or refuses them. */
class IdTest {
    @Test
    void takesTheNullIdOfWhoeverIsAuthenticated() {
        assertThat(read("auth", null)).isEqualTo(new Id("auth", ""));
        assertThat(read("auth", "")).isEqualTo(new Id("auth", ""));
    }

    @Test
    void takesANullSchemeForOneThatNobodyKnows() {
        assertThat(read(null, "anyone")).isEqualTo(new Id("", "anyone"));
        assertThat(read(null, null)).isEqualTo(new Id("", ""));
    }

    @Test
    void refusesTheNullIdOfAnyOtherScheme() {
        for (String scheme : new String[] {"world", "digest", "ip"}) {
            assertThatThrownBy(() -> read(scheme, null)).isInstanceOf(WireException.class);
        }
    }

    private static Id read(@Nullable String scheme, @Nullable String id) {
        Writer w = new Writer(64);
        w.writeString(scheme);
        w.writeString(id);
        return Id.read(new Reader(w.toByteArray()));
    }
}
