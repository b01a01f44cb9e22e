package dev.paddock.e2e.tour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.e2e.tour.TourServers.Maker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server with a heap of 256 MiB, no limit of connections from one address, and clients that mean harm. */
class HostileConnectionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PACE_MILLIS = 500;

    /** Apache ZooKeeper 3.9.5 runs out of memory: it makes room for the megabyte that each claims. */
    @Test
    void claimedLengthsTakeNoMemoryAndTheSlowAreSentAway() throws Exception {
        try (var server = new TourServers(Maker.PADDOCK, 1, TourServers.freshFolder("hostile"))) {
            List<Socket> open = new ArrayList<>();
            for (int i = 0; i < 300; i++) open.add(sent(server, "00 0F FF F0 00 00 00 00 00 00 00 00"));
            for (int i = 0; i < 300; i++) open.add(sent(server, "00 00 3F F0 00 00 00 00 00 00 00 00"));
            for (String slow : List.of("", "00 00", "00 00 00 2D 00 00 00 00", "00 00 00 2D"))
                open.add(sent(server, slow));
            assertThat(answer(server)).isEqualTo("imok");
            trickle(open.removeLast());
            for (Socket each : open) assertThat(isClosed(each)).isTrue();
            assertThat(answer(server)).isEqualTo("imok");
        }
    }

    private static Socket sent(TourServers server, String hex) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port(server));
        socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
        return socket;
    }

    private static int port(TourServers server) {
        return Integer.parseInt(server.connectString().split(":", 2)[1]);
    }

    private static String answer(TourServers server) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
            socket.getOutputStream().write("ruok".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** One byte whenever nothing was heard for a while: each is in time, the whole never is. */
    private static void trickle(Socket socket) throws IOException {
        socket.setSoTimeout(PACE_MILLIS);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                if (socket.getInputStream().read() < 0) return;
            } catch (SocketTimeoutException e) {
                socket.getOutputStream().write(0);
            } catch (IOException e) {
                return; // reset
            }
        }
        throw new AssertionError("a trickle was borne for " + PATIENCE);
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try (socket) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset
        }
    }
}
