package dev.paddock.operator.cluster;

import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.planner.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads {@code srvr}: lines of {@code Name: value}, of which {@code Mode} and {@code Zxid} matter here. */
final class SrvrProbe implements Probe {
    private static final int TIMEOUT_MILLIS = 1000;
    private static final int ANSWER_BYTES_MAX = 16 * 1024;

    @Override
    public Optional<Report> ask(String host) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(host, Blueprint.CLIENT_PORT), TIMEOUT_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return parse(new String(socket.getInputStream().readNBytes(ANSWER_BYTES_MAX), StandardCharsets.US_ASCII));
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }

    /** Empty for what a server says that does not serve. */
    static Optional<Report> parse(String answer) {
        Map<String, String> lines = answer.lines()
                .map(line -> line.split(": ", 2))
                .filter(parts -> parts.length == 2)
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1].strip(), (first, second) -> first));
        Role role = role(lines.getOrDefault("Mode", ""));
        String zxid = lines.getOrDefault("Zxid", "");
        if (role == Role.UNKNOWN || !zxid.matches("0x[0-9a-f]{1,16}")) return Optional.empty();
        return Optional.of(new Report(role, Long.parseUnsignedLong(zxid.substring(2), 16)));
    }

    private static Role role(String mode) {
        return switch (mode) {
            case "leader", "standalone" -> Role.LEADER;
            case "follower" -> Role.FOLLOWER;
            case "observer" -> Role.OBSERVER;
            default -> Role.UNKNOWN;
        };
    }
}
