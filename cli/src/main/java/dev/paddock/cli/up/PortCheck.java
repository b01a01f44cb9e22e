package dev.paddock.cli.up;

import dev.paddock.cli.CommandFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** Looks whether ports can be bound before anything is started. */
final class PortCheck {
    private PortCheck() {}

    /** @throws CommandFailed naming each port in use, who wants it and, where /proc tells, which process holds it */
    static void requireFree(List<Ports.Wanted> wanted) {
        List<String> taken = wanted.stream()
                .filter(port -> !isFree(port.port()))
                .map(PortCheck::describe)
                .toList();
        if (!taken.isEmpty()) throw new CommandFailed(String.join("; ", taken));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // connections that linger after a close do not count
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException inUse) {
            return false;
        }
    }

    private static String describe(Ports.Wanted port) {
        String holder = PortHolder.of(port.port()).orElse("another process holds it");
        return "port " + port.port() + " is wanted for " + port.by() + ", but " + holder;
    }
}
