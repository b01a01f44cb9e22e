package dev.paddock.node.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.members.Address;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.wire.Hello;
import dev.paddock.wire.Notification;
import dev.paddock.wire.Writer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ElectionPortTest {
    private static final int VOTE_BYTES_MIN = 28;

    @Test
    void votesGoBothWaysWhoeverSpeaksFirst() throws Exception {
        try (var one = new CoreLoop(1);
                var two = new CoreLoop(2)) {
            introduce(one, two);
            one.carryOut(new Effect.Notify(2, vote(1, 10))); // must be dialled back
            awaitVote(two, 1, 10);
            two.carryOut(new Effect.Notify(1, vote(2, 20)));
            awaitVote(one, 2, 20);
            for (int i = 0; i < 100; i++) one.carryOut(new Effect.Notify(2, vote(1, 100 + i)));
            awaitVote(two, 1, 199);
        }
    }

    @Test
    void theNewestVoteReachesAServerThatComesLater() throws Exception {
        try (var two = new CoreLoop(2);
                var later = new CoreLoop(3)) {
            int port = later.links.electionAddress().getPort();
            later.stop();
            two.reaches(CoreLoop.members(two.spec(), CoreLoop.spec(3, 1, port)));
            two.carryOut(new Effect.Notify(3, vote(2, 1)));
            two.carryOut(new Effect.Notify(3, vote(2, 2)));
            try (var three = new CoreLoop(3, 0, port)) {
                three.reaches(CoreLoop.members(three.spec(), two.spec()));
                awaitVote(three, 2, 2);
                assertThat(three.inputs(Input.Heard.class)).hasSize(1);
            }
        }
    }

    @Test
    void aServerThatComesBackHearsTheLastVoteAgain() throws Exception {
        try (var two = new CoreLoop(2);
                var first = new CoreLoop(1)) {
            introduce(first, two);
            two.carryOut(new Effect.Notify(1, vote(2, 5)));
            awaitVote(first, 2, 5);
            int port = first.links.electionAddress().getPort();
            first.stop();
            try (var again = new CoreLoop(1, 0, port)) {
                again.reaches(CoreLoop.members(again.spec(), two.spec()));
                again.carryOut(new Effect.Notify(2, vote(1, 6)));
                awaitVote(two, 1, 6);
                awaitVote(again, 2, 5);
            }
        }
    }

    @Test
    void anAddressInAHelloIsNeverDialled() throws Exception {
        try (var three = new CoreLoop(3);
                var trap = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var member = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            three.reaches(CoreLoop.members(three.spec(), CoreLoop.spec(1, 1, member.getLocalPort())));
            for (long sid : new long[] {1, 2, -12345, 3, 77, Long.MAX_VALUE}) {
                try (Socket forged = dial(three)) {
                    var w = new Writer(64);
                    new Hello(sid, List.of("127.0.0.1:" + trap.getLocalPort())).write(w);
                    forged.getOutputStream().write(w.toByteArray());
                    assertThat(forged.getInputStream().read()).as("sid %d", sid).isEqualTo(-1);
                }
            }
            member.setSoTimeout(10_000);
            member.accept().close(); // the smaller sid was dialled back, where the configuration says
            trap.setSoTimeout(200);
            assertThat(catchTimeout(trap)).isTrue();
        }
    }

    @Test
    void aServerThatIsToJoinIsHeardAndAnsweredOnItsOwnLinkOnly() throws Exception {
        try (var three = new CoreLoop(3, 0, 0, true);
                var trap = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket joiner = dial(three)) {
            three.reaches(CoreLoop.members(three.spec()));
            say(joiner, 1, trap.getLocalPort(), vote(Long.MIN_VALUE, 0));
            awaitVote(three, 1, 0);
            three.carryOut(new Effect.Notify(1, vote(3, 9)));
            var answers = new DataInputStream(joiner.getInputStream());
            byte[] answer = new byte[answers.readInt()];
            answers.readFully(answer);
            assertThat(Notification.parse(answer)).isEqualTo(vote(3, 9));
            trap.setSoTimeout(200);
            assertThat(catchTimeout(trap)).isTrue();
        }
    }

    @Test
    void onlySoManyServersMayBeAboutToJoin() throws Exception {
        try (var three = new CoreLoop(3, 0, 0, true)) {
            three.reaches(CoreLoop.members(three.spec()));
            List<Socket> joiners = new ArrayList<>();
            try {
                for (int sid = 100; sid < 132; sid++) {
                    joiners.add(dial(three));
                    joiners.getLast().getOutputStream().write(hello(sid, 1));
                }
                try (Socket refused = dial(three)) {
                    refused.getOutputStream().write(hello(-5, 1));
                    assertThat(refused.getInputStream().read()).isEqualTo(-1);
                }
                await().until(() -> kept(joiners) == 32);
                say(joiners.getFirst(), vote(100, 0));
                awaitVote(three, 100, 0);
                joiners.add(dial(three));
                say(joiners.getLast(), 132, 1, vote(132, 0));
                awaitVote(three, 132, 0);
                await().until(() -> kept(joiners) == 32);
                assertThat(kept(joiners.subList(1, 2)))
                        .as("the one that was silent for longest")
                        .isZero();
            } finally {
                for (Socket joiner : joiners) joiner.close();
            }
        }
    }

    /** It votes all the same: who the members are can name addresses to dial. */
    @Test
    void whoTheMembersAreIsHeardOnlyFromWhereAMemberIs() throws Exception {
        try (var one = new CoreLoop(1, 0, 0, true);
                Socket far = dial(one);
                Socket near = dial(one)) {
            one.reaches(CoreLoop.members(one.spec(), spec(2, "192.0.2.2"), spec(3, "localhost")));
            say(far, 2, 1, vote(2, 7));
            say(near, 3, 1, vote(2, 7));
            await().until(() -> one.inputs(Input.Heard.class)
                    .containsAll(
                            List.of(new Input.Heard(2, vote(2, 7).withoutConfig()), new Input.Heard(3, vote(2, 7)))));
            far.getOutputStream().write(new byte[] {0, 0, 0, 1, 0}); // ends the link, after whatever was to be heard
            assertThat(far.getInputStream().read()).isEqualTo(-1);
            assertThat(one.inputs(Input.Heard.class)).doesNotContain(new Input.Heard(2, vote(2, 7)));
        }
    }

    private static void say(Socket to, long sid, int port, Notification vote) throws IOException {
        to.getOutputStream().write(hello(sid, port));
        say(to, vote);
    }

    private static void say(Socket to, Notification vote) throws IOException {
        byte[] bytes = vote.toBytes();
        new DataOutputStream(to.getOutputStream()).writeInt(bytes.length);
        to.getOutputStream().write(bytes);
    }

    /** Whether or not servers may join; who may, costs a link, of which only so many are kept. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hellosOfManyStrangersCostNoThreads(boolean admitsJoiners) throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        try (var three = new CoreLoop(3, 0, 0, admitsJoiners)) {
            three.reaches(CoreLoop.members(three.spec()));
            List<Socket> strangers = new ArrayList<>();
            int before = threads.getThreadCount();
            try {
                for (int sid = 100; sid < 300; sid++) {
                    strangers.add(dial(three));
                    strangers.getLast().getOutputStream().write(hello(sid, 1));
                }
                await().until(() -> kept(strangers) <= (admitsJoiners ? 32 : 0));
                assertThat(threads.getThreadCount()).isLessThan(before + 20);
            } finally {
                for (Socket stranger : strangers) stranger.close();
            }
        }
    }

    private static int kept(List<Socket> strangers) throws IOException {
        int kept = 0;
        for (Socket stranger : strangers) {
            stranger.setSoTimeout(20);
            try {
                if (stranger.getInputStream().read() >= 0) kept++;
            } catch (SocketTimeoutException open) {
                kept++;
            } catch (SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
        return kept;
    }

    private static ServerSpec spec(long sid, String host) {
        return new ServerSpec(
                sid, new Address(host, 1), new Address(host, 1), ServerSpec.Role.PARTICIPANT, Optional.empty());
    }

    private static byte[] hello(long sid, int port) {
        var w = new Writer(64);
        new Hello(sid, List.of("127.0.0.1:" + port)).write(w);
        return w.toByteArray();
    }

    @Test
    void aForgedHelloOfASmallerSidDoesNotCutItsLink() throws Exception {
        try (var one = new CoreLoop(1);
                var two = new CoreLoop(2)) {
            introduce(one, two);
            two.carryOut(new Effect.Notify(1, vote(2, 1)));
            awaitVote(one, 2, 1);
            try (Socket forged = dial(two)) {
                var w = new Writer(64);
                new Hello(1, List.of("127.0.0.1:1")).write(w);
                forged.getOutputStream().write(w.toByteArray());
                assertThat(forged.getInputStream().read()).isEqualTo(-1);
            }
            one.carryOut(new Effect.Notify(2, vote(1, 7)));
            awaitVote(two, 1, 7);
        }
    }

    @Test
    void garbageIsRefused() throws Exception {
        try (var one = new CoreLoop(1);
                var two = new CoreLoop(2)) {
            introduce(one, two);
            for (byte[] garbage : new byte[][] {
                new byte[3000], "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII), {-1, -1, -1, -1, -1, -1, -1, -1}
            }) {
                try (Socket stranger = dial(one)) {
                    stranger.getOutputStream().write(garbage);
                    assertThat(stranger.getInputStream().read()).isEqualTo(-1);
                } catch (SocketException reset) {
                    assertThat(reset).hasMessageContaining("reset");
                }
            }
            for (int length : new int[] {-1, Integer.MAX_VALUE, (512 << 10) + 1}) assertLinkEnds(one, length);
            for (int length = 0; length < VOTE_BYTES_MIN; length++) assertLinkEnds(one, length);
            two.carryOut(new Effect.Notify(1, vote(2, 3)));
            awaitVote(one, 2, 3);
        }
    }

    private static void assertLinkEnds(CoreLoop one, int frameLength) throws IOException {
        try (Socket two = dial(one)) {
            var w = new Writer(64);
            new Hello(2, List.of("127.0.0.1:1")).write(w);
            w.writeInt(frameLength);
            w.raw(new byte[VOTE_BYTES_MIN], 0, Math.clamp(frameLength, 0, VOTE_BYTES_MIN)); // no more than was said
            two.getOutputStream().write(w.toByteArray());
            assertThat(two.getInputStream().read()).as("length %d", frameLength).isEqualTo(-1);
        }
    }

    private static boolean catchTimeout(ServerSocket socket) throws IOException {
        try {
            socket.accept().close();
            return false;
        } catch (SocketTimeoutException nobody) {
            return true;
        }
    }

    private static Socket dial(CoreLoop server) throws IOException {
        var address = server.links.electionAddress();
        var socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    static void introduce(CoreLoop... servers) {
        var members = new TreeMap<Long, ServerSpec>();
        for (CoreLoop server : servers) members.put(server.sid, server.spec());
        for (CoreLoop server : servers) server.reaches(members);
    }

    static Notification vote(long leader, long zxid) {
        return new Notification(Notification.LOOKING, leader, zxid, 1, 1, Notification.VERSION, "version=0");
    }

    static void awaitVote(CoreLoop at, long from, long zxid) {
        await().until(() -> at.inputs(Input.Heard.class).stream()
                .anyMatch(heard -> heard.sid() == from && heard.notification().zxid() == zxid));
    }
}
