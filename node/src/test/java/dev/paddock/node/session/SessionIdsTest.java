package dev.paddock.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionIdsTest {
    @Test
    void idsAreSidThenTimeThenCount() {
        var ids = new SessionIds(3, 0x0123_4567_89abL);
        assertThat(ids.next()).isEqualTo(0x0323_4567_89ab_0000L);
        assertThat(ids.next()).isEqualTo(0x0323_4567_89ab_0001L);
        assertThat(new SessionIds(255, 1).next()).isEqualTo(0xff00_0000_0001_0000L);
    }

    /** Apache's own formula, with its clock at the time given. */
    @Test
    void idsAreApaches() {
        for (long sid : new long[] {0, 1, 5, 127, 128, 254}) {
            for (long millis : new long[] {1, 4_711, 1_700_000_000_000L}) {
                long theirs = ((millis << 24) >>> 8) | (sid << 56);
                assertThat(new SessionIds(sid, millis).next()).isEqualTo(theirs);
            }
        }
    }

    @Test
    void noSessionHasTheIdThatMarksContainers() {
        assertThat(new SessionIds(0x80, 0).next()).isEqualTo(Long.MIN_VALUE + 1);
    }

    @Test
    void passwordsAreThoseOfJavaUtilRandom() {
        for (long id : new long[] {1, -1, 0xB3415C00L, 0x0123_4567_89ab_cdefL, Long.MIN_VALUE, Long.MAX_VALUE}) {
            byte[] theirs = new byte[16];
            new Random(id ^ 0xB3415C00L).nextBytes(theirs);
            assertThat(SessionIds.password(id)).isEqualTo(theirs);
            assertThat(SessionIds.isPassword(id, theirs)).isTrue();
            theirs[15] ^= 1;
            assertThat(SessionIds.isPassword(id, theirs)).isFalse();
        }
    }

    @Test
    void nothingElseIsAPassword() {
        assertThat(SessionIds.isPassword(0, SessionIds.password(0))).isFalse();
        assertThat(SessionIds.isPassword(7, null)).isFalse();
        assertThat(SessionIds.isPassword(7, new byte[0])).isFalse();
        assertThat(SessionIds.isPassword(7, new byte[17])).isFalse();
    }

    @Test
    void timeoutsAreClamped() {
        SessionTimeouts usual = SessionTimeouts.of(2000, -1, -1);
        assertThat(usual).isEqualTo(new SessionTimeouts(4000, 40_000));
        assertThat(usual.negotiated(-1)).isEqualTo(4000);
        assertThat(usual.negotiated(Integer.MIN_VALUE)).isEqualTo(4000);
        assertThat(usual.negotiated(10_000)).isEqualTo(10_000);
        assertThat(usual.negotiated(Integer.MAX_VALUE)).isEqualTo(40_000);
        assertThat(SessionTimeouts.of(2000, 100, 200).negotiated(4000)).isEqualTo(200);
    }
}
