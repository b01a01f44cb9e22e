package dev.paddock.cli.up;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks a server on this machine one of ZooKeeper's four letter words. */
final class FourLetterWord {
    private static final int TIMEOUT_MILLIS = 300;
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private FourLetterWord() {}

    /** The whole answer; empty if nobody answers in time. */
    static Optional<String> ask(int port, String word) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            byte[] answer = socket.getInputStream().readNBytes(ANSWER_BYTES_MAX);
            return Optional.of(new String(answer, StandardCharsets.UTF_8));
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }
}
