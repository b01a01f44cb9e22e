package dev.paddock.node.net;

import static dev.paddock.node.net.ElectionPortTest.awaitVote;
import static dev.paddock.node.net.ElectionPortTest.dial;
import static dev.paddock.node.net.ElectionPortTest.hasHeard;
import static dev.paddock.node.net.ElectionPortTest.hello;
import static dev.paddock.node.net.ElectionPortTest.read;
import static dev.paddock.node.net.ElectionPortTest.say;
import static dev.paddock.node.net.ElectionPortTest.saysHello;
import static dev.paddock.node.net.ElectionPortTest.vote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.zab.Effect;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a hello in the name of a member does to that member's link, where there is no TLS. */
final class ForgedHelloTest {
    private static final long MILLI = 1_000_000;
    private static final long STORM_NANOS = 1_000 * MILLI;

    private CoreLoop one;
    private CoreLoop two;
    private CountingRelay relay;
    private int before; // dials

    @BeforeEach
    void start() throws IOException {
        one = new CoreLoop(1);
        two = new CoreLoop(2);
        relay = new CountingRelay(one.links.electionAddress());
        before = link(one, two, relay);
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        two.close();
        one.close();
    }

    /** Only the smaller server can know that it was restarted, so it is dialled where it is configured to be, and nothing is lost by it. */
    @Test
    void manyOfTheSmallerSidCostFewDialsAndNoVote() throws Exception {
        int last = 10;
        long start = System.nanoTime();
        while (System.nanoTime() - start < STORM_NANOS) {
            try (Socket forger = dial(two)) {
                forger.getOutputStream().write(hello(1, 1));
                tell(one, two, ++last);
                tell(two, one, last);
                assertThat(forger.getInputStream().read()).isEqualTo(-1);
            }
        }
        awaitVote(two, 1, last);
        awaitVote(one, 2, last);
        await().until(() -> relay.dials() > before);
        int dials = relay.dials() - before;
        assertThat(dials)
                .isLessThanOrEqualTo(1 + (int) ((System.nanoTime() - start) / ElectionPeer.DIAL_BACK_NANOS_MIN));
    }

    @Test
    void ofTheSmallerSidCutNoLinkWhenItCannotBeDialled() throws Exception {
        relay.shut();
        long start = System.nanoTime();
        do {
            saysHello(two, 1);
        } while (System.nanoTime() - start <= 2 * ElectionPeer.DIAL_BACK_NANOS_MIN); // one was dialled back, in vain
        saysHello(two, 1);
        tell(one, two, 11);
        tell(two, one, 11);
        awaitVote(two, 1, 11);
        awaitVote(one, 2, 11);
    }

    /** As with Apache ZooKeeper, the forger takes the link's place; docs/security.md says so. */
    @Test
    void whoHasTheLargerSidTakesItsLinkBackWhenItSpeaks() throws Exception {
        try (Socket forger = dial(one)) {
            say(forger, 2, 1, vote(2, 666));
            awaitVote(one, 2, 666);
            assertThat(read(forger)).isEqualTo(vote(1, 10));
            tell(one, two, 11);
            assertThat(read(forger)).isEqualTo(vote(1, 11));
            await().until(
                            () -> { // it says so again and again, as who elects does
                                tell(two, one, 12);
                                return hasHeard(one, 2, 12);
                            });
            awaitVote(two, 1, 11);
            assertThat(forger.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(relay.dials()).isEqualTo(before + 1);
    }

    @Test
    void whoHasTheLargerSidIsDialledOnceTheForgerIsGone() throws Exception {
        try (Socket forger = dial(one)) {
            say(forger, 2, 1, vote(2, 666));
            awaitVote(one, 2, 666);
        }
        await().until(() -> {
            tell(one, two, 11);
            return hasHeard(two, 1, 11);
        });
        tell(two, one, 12);
        awaitVote(one, 2, 12);
        assertThat(relay.dials()).isEqualTo(before + 1);
    }

    /** Links two servers by a dial of the larger one's; each has said 10. Gives the number of dials, since the first may fail. */
    static int link(CoreLoop smaller, CoreLoop larger, CountingRelay relay) {
        ServerSpec relayed = CoreLoop.spec(smaller.sid, 1, relay.port());
        smaller.reaches(CoreLoop.members(smaller.spec(), larger.spec()));
        larger.reaches(CoreLoop.members(relayed, larger.spec()));
        tell(larger, smaller, 10);
        awaitVote(smaller, larger.sid, 10);
        tell(smaller, larger, 10);
        awaitVote(larger, smaller.sid, 10);
        return relay.dials();
    }

    static void tell(CoreLoop from, CoreLoop to, long zxid) {
        from.carryOut(new Effect.Notify(to.sid, vote(from.sid, zxid)));
    }
}
