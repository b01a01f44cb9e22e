package dev.paddock.node.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.members.Address;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.testing.FreePorts;
import dev.paddock.wire.Hello;
import dev.paddock.wire.Notification;
import dev.paddock.wire.Writer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ElectionPortTest {
    private static final int VOTE_BYTES_MIN = 28;
    private static final byte[] NO_VOTE = {0, 0, 0, 1, 0}; // ends a link

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
            assertThat(read(joiner)).isEqualTo(vote(3, 9));
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
            far.getOutputStream().write(NO_VOTE); // ends the link, after whatever was to be heard
            assertThat(far.getInputStream().read()).isEqualTo(-1);
            assertThat(one.inputs(Input.Heard.class)).doesNotContain(new Input.Heard(2, vote(2, 7)));
        }
    }

    static void say(Socket to, long sid, int port, Notification vote) throws IOException {
        to.getOutputStream().write(hello(sid, port));
        say(to, vote);
    }

    private static void say(Socket to, Notification vote) throws IOException {
        byte[] bytes = vote.toBytes();
        new DataOutputStream(to.getOutputStream()).writeInt(bytes.length);
        to.getOutputStream().write(bytes);
    }

    /**
     * Whether or not servers may join; who may, costs a link, of which only so many are kept. What they say names a host, which nobody looks up: that would be a
     * virtual thread, which is among no {@link #threads}.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hellosOfManyStrangersCostNoThreadsAndNoLookUps(boolean admitsJoiners) throws Exception {
        try (var three = new CoreLoop(3, 0, 0, admitsJoiners)) {
            three.reaches(CoreLoop.members(three.spec()));
            List<Socket> strangers = new ArrayList<>();
            try {
                comes(three, strangers, 100, 120);
                Set<Thread> withFew = threads();
                comes(three, strangers, 120, 300);
                await().until(() -> kept(strangers) <= (admitsJoiners ? 32 : 0));
                await().untilAsserted(() -> assertThat(withFew).containsAll(threads()));
                three.reaches(CoreLoop.members(three.spec(), CoreLoop.spec(1, 1, FreePorts.one())));
                three.carryOut(new Effect.Notify(1, vote(3, 1)));
                await().until(() -> three.lookedUp.contains("localhost"));
                assertThat(three.lookedUp).containsOnly("localhost");
            } finally {
                for (Socket stranger : strangers) stranger.close();
            }
        }
    }

    /** Says hello as each of these sids, on a link each, and who the members are. */
    private static void comes(CoreLoop to, List<Socket> strangers, long from, long until) throws IOException {
        String trap = "trap.invalid:1";
        for (long sid = from; sid < until; sid++) {
            var w = new Writer(256);
            new Hello(sid, List.of(trap)).write(w);
            String members = "server.%d=%s:2:participant\nversion=7fffffff".formatted(sid, trap);
            byte[] vote = new Notification(Notification.LOOKING, sid, 1, 1, 1, Notification.VERSION, members).toBytes();
            w.writeInt(vote.length);
            w.raw(vote, 0, vote.length);
            strangers.add(dial(to));
            strangers.getLast().getOutputStream().write(w.toByteArray());
        }
    }

    /** All but those that any test starts: the waiting ones, and the carriers of virtual threads. */
    private static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> thread.getName().matches("(awaitility|ForkJoinPool).*"));
        return threads;
    }

    /** Or that would grow by what strangers say. What is not kept cannot be said later, when the stranger is a member. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsKeptForAStrangerThatIsGone(boolean admitsJoiners) throws Exception {
        try (var three = new CoreLoop(3, 0, 0, admitsJoiners);
                var member = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            three.reaches(CoreLoop.members(three.spec()));
            try (Socket stranger = dial(three)) {
                stranger.getOutputStream().write(hello(1, 1));
                stranger.getOutputStream().write(NO_VOTE);
                assertEnds(stranger);
            }
            three.carryOut(new Effect.Notify(1, vote(3, 1)));
            three.reaches(CoreLoop.members(three.spec(), CoreLoop.spec(1, 1, member.getLocalPort())));
            saysHello(three, 1);
            try (Socket link = accept(member)) {
                three.carryOut(new Effect.Notify(1, vote(3, 2)));
                assertThat(read(link)).isEqualTo(vote(3, 2));
            }
        }
    }

    /** Apache's servers say it once, and then not before they vote again. */
    @Test
    void aHelloSoonAfterADialIsNotForgotten() throws Exception {
        try (var three = new CoreLoop(3);
                var member = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            three.reaches(CoreLoop.members(three.spec(), CoreLoop.spec(1, 1, member.getLocalPort())));
            three.carryOut(new Effect.Notify(1, vote(3, 1)));
            try (Socket link = accept(member)) {
                assertThat(read(link)).isEqualTo(vote(3, 1));
                link.getOutputStream().write(NO_VOTE);
                assertEnds(link);
            }
            saysHello(three, 1);
            try (Socket link = accept(member)) {
                assertThat(read(link)).isEqualTo(vote(3, 1));
            }
        }
    }

    static void saysHello(CoreLoop to, long sid) throws IOException {
        try (Socket smaller = dial(to)) {
            smaller.getOutputStream().write(hello(sid, 1));
            assertThat(smaller.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** Takes a dial, and the hello. */
    private static Socket accept(ServerSocket member) throws IOException {
        member.setSoTimeout(10_000);
        Socket link = member.accept();
        link.setSoTimeout(10_000);
        byte[] head = link.getInputStream().readNBytes(Hello.HEAD_BYTES);
        link.getInputStream().skipNBytes(ByteBuffer.wrap(head).getInt(Hello.HEAD_BYTES - Integer.BYTES));
        return link;
    }

    /** The larger one may have closed the link without having read a word of it. */
    @Test
    void aSmallerServerThatIsNotDialledBackComesAgain() throws Exception {
        try (var one = new CoreLoop(1);
                var larger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            one.reaches(CoreLoop.members(one.spec(), CoreLoop.spec(2, 1, larger.getLocalPort())));
            one.carryOut(new Effect.Notify(2, vote(1, 1)));
            for (int time = 0; time < 3; time++) {
                try (Socket link = accept(larger)) {
                    assertThat(read(link)).isEqualTo(vote(1, 1));
                }
            }
        }
    }

    private static void assertEnds(Socket link) throws IOException {
        try {
            assertThat(link.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
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

    static byte[] hello(long sid, int port) {
        var w = new Writer(64);
        new Hello(sid, List.of("127.0.0.1:" + port)).write(w);
        return w.toByteArray();
    }

    /** As one that was moved while it was down, and listens where it was. */
    @Test
    void aSmallerServerThatIsElsewhereIsAnsweredOnItsOwnLink() throws Exception {
        try (var one = new CoreLoop(1);
                var two = new CoreLoop(2)) {
            one.reaches(CoreLoop.members(one.spec(), two.spec()));
            two.reaches(CoreLoop.members(CoreLoop.spec(1, 1, FreePorts.one()), two.spec()));
            one.carryOut(new Effect.Notify(2, vote(1, 10)));
            awaitVote(two, 1, 10);
            two.carryOut(new Effect.Notify(1, vote(2, 11)));
            awaitVote(one, 2, 11);
        }
    }

    /** Where that one cannot be dialled, and the forger does not hang up. */
    @Test
    void aSmallerServerThatIsElsewhereTakesItsLinkFromAForger() throws Exception {
        try (var one = new CoreLoop(1);
                var two = new CoreLoop(2)) {
            one.reaches(CoreLoop.members(one.spec(), two.spec()));
            two.reaches(CoreLoop.members(CoreLoop.spec(1, 1, FreePorts.one()), two.spec()));
            two.carryOut(new Effect.Notify(1, vote(2, 9))); // dials in vain
            try (Socket forger = answeredAs(two, 1)) {
                say(forger, vote(1, 666));
                awaitVote(two, 1, 666);
                one.carryOut(new Effect.Notify(2, vote(1, 10)));
                awaitVote(two, 1, 10);
                two.carryOut(new Effect.Notify(1, vote(2, 11)));
                awaitVote(one, 2, 11);
                assertThat(forger.getInputStream().readAllBytes())
                        .as("to its end")
                        .isNotEmpty();
            }
        }
    }

    /** Until it has dialled in vain, it hangs up. */
    private static Socket answeredAs(CoreLoop server, long sid) {
        return await().until(
                        () -> {
                            Socket forger = dial(server);
                            forger.getOutputStream().write(hello(sid, 1));
                            if (forger.getInputStream().read() >= 0) return forger;
                            forger.close();
                            return null;
                        },
                        Objects::nonNull);
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

    static Socket dial(CoreLoop server) throws IOException {
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

    /** The next notification on a link. */
    static Notification read(Socket link) throws IOException {
        var in = new DataInputStream(link.getInputStream());
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return Notification.parse(bytes);
    }

    static Notification vote(long leader, long zxid) {
        return new Notification(Notification.LOOKING, leader, zxid, 1, 1, Notification.VERSION, "version=0");
    }

    static void awaitVote(CoreLoop at, long from, long zxid) {
        await().until(() -> hasHeard(at, from, zxid));
    }

    static boolean hasHeard(CoreLoop at, long from, long zxid) {
        return at.inputs(Input.Heard.class).stream()
                .anyMatch(heard -> heard.sid() == from && heard.notification().zxid() == zxid);
    }
}
