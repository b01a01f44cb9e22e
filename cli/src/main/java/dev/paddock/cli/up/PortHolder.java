package dev.paddock.cli.up;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the process that listens on a port, from Linux's {@code /proc}; elsewhere, or without the right to look, nobody. */
public final class PortHolder {
    private static final String LISTENING = "0A";
    private static final int COMMAND_LENGTH_MAX = 80;

    private PortHolder() {}

    /** Such as "process 4711 (python3 -m http.server 2190) holds it". */
    static Optional<String> of(int port) {
        return pids(port).stream()
                .findFirst()
                .map(pid -> "process " + pid + commandOf(Path.of("/proc", Long.toString(pid))) + " holds it");
    }

    /** All that listen on that port, of whatever address of this machine; ascending. */
    public static NavigableSet<Long> pids(int port) {
        Set<String> sockets = new HashSet<>();
        NavigableSet<Long> pids = new TreeSet<>();
        listeners(Path.of("/proc/net/tcp"), port, sockets);
        listeners(Path.of("/proc/net/tcp6"), port, sockets);
        if (sockets.isEmpty()) return pids;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holdsOne(process, sockets))
                    pids.add(Long.parseLong(process.getFileName().toString()));
            }
            return pids;
        } catch (IOException unreadable) {
            return new TreeSet<>();
        }
    }

    /** Adds what links to the listening sockets of a port look like, {@code socket:[INODE]}. */
    private static void listeners(Path table, int port, Set<String> sockets) {
        String local = String.format(":%04X", port);
        try {
            for (String line : Files.readAllLines(table)) {
                String[] fields = line.strip()
                        .split("\\s+", -1); // sl local remote state queues timer retransmits uid timeout inode
                if (fields.length > 9 && fields[1].endsWith(local) && fields[3].equals(LISTENING)) {
                    sockets.add("socket:[" + fields[9] + "]");
                }
            }
        } catch (IOException notLinux) {
            sockets.clear();
        }
    }

    private static boolean holdsOne(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) return true;
            }
            return false;
        } catch (IOException endedOrForeign) {
            return false;
        }
    }

    private static String commandOf(Path process) {
        try {
            String[] words = Files.readString(process.resolve("cmdline"), StandardCharsets.UTF_8)
                    .split("\0", -1);
            words[0] = words[0].substring(words[0].lastIndexOf('/') + 1);
            return " (" + shortened(String.join(" ", words).strip()) + ")";
        } catch (IOException ended) {
            return "";
        }
    }

    /** Keeps both ends: the program, and what it was told. */
    private static String shortened(String command) {
        if (command.length() <= COMMAND_LENGTH_MAX) return command;
        int program = Math.min(Math.max(command.indexOf(' '), 0), COMMAND_LENGTH_MAX / 2);
        int rest = command.length() - (COMMAND_LENGTH_MAX - program - " … ".length());
        return command.substring(0, program) + " … " + command.substring(rest);
    }
}
