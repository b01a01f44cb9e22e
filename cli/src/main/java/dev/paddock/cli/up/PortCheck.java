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

    /** @throws CommandFailed naming the first port in use, who wants it and, where /proc tells, which process holds it */
    static void requireFree(List<Ports.Wanted> wanted) {
        List<Ports.Wanted> taken =
                wanted.stream().filter(port -> !isFree(port.port())).toList();
        if (taken.isEmpty()) return;
        int more = taken.size() - 1;
        throw new CommandFailed(describe(taken.getFirst())
                + (more == 0 ? "" : more == 1 ? "; 1 more port is in use" : "; " + more + " more ports are in use"));
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
