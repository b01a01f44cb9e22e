package dev.paddock.e2e.histories;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A network namespace of Linux for each server, all on one bridge: what is sent over a way that is cut is dropped by the kernel of the one
 * that it is for, or refused there. This process reaches all of them. Owned by one thread.
 */
final class Namespaces implements Links {
    private static final Path ALL = Path.of("/run/netns");
    private static final Pattern OURS = Pattern.compile("pdk(\\d+)n\\d+");
    private static final int NETWORKS = 250;
    private static final int OWN = 254; // host number of this process

    private final String prefix;
    private final String network;
    private final int size;
    private final Deque<String[]> undo = new ArrayDeque<>();
    private final List<Integer> ruled = new ArrayList<>(); // servers that drop something

    Namespaces(int size) throws IOException, InterruptedException {
        long pid = ProcessHandle.current().pid();
        this.prefix = "pdk" + pid;
        this.network = "10.213." + (1 + pid % NETWORKS) + ".";
        this.size = size;
        removeOrphans();
        String bridge = prefix + "b";
        begin(List.of("ip", "link", "add", bridge, "type", "bridge"), "ip", "link", "delete", bridge);
        Tool.run("ip", "address", "add", host(OWN) + "/24", "dev", bridge);
        Tool.run("ip", "link", "set", bridge, "up");
        for (int sid = 1; sid <= size; sid++) plug(sid, bridge);
    }

    private void begin(List<String> command, String... end) throws IOException, InterruptedException {
        Tool.run(command.toArray(String[]::new));
        undo.push(end);
    }

    private void plug(int sid, String bridge) throws IOException, InterruptedException {
        String name = name(sid);
        String outside = prefix + "v" + sid;
        begin(List.of("ip", "netns", "add", name), "ip", "netns", "delete", name);
        begin( // a namespace that is deleted would take it along, but only after a while
                List.of("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", name),
                "ip",
                "link",
                "delete",
                outside);
        Tool.run("ip", "link", "set", outside, "master", bridge, "up");
        inside(sid, "ip", "link", "set", "lo", "up");
        inside(sid, "ip", "address", "add", host(sid) + "/24", "dev", "eth0");
        inside(sid, "ip", "link", "set", "eth0", "up");
    }

    private String name(int sid) {
        return prefix + "n" + sid;
    }

    private void inside(int sid, String... command) throws IOException, InterruptedException {
        Tool.run(Stream.concat(through(sid).stream(), Stream.of(command)).toArray(String[]::new));
    }

    /** Of test runs that were killed. */
    private static void removeOrphans() throws IOException, InterruptedException {
        if (!Files.isDirectory(ALL)) return;
        try (Stream<Path> all = Files.list(ALL)) {
            for (Path each : all.toList()) {
                Matcher name = OURS.matcher(each.getFileName().toString());
                if (!name.matches()
                        || ProcessHandle.of(Long.parseLong(name.group(1))).isPresent()) continue;
                Tool.run("ip", "netns", "delete", name.group());
                Path bridge = Path.of("/sys/class/net/pdk" + name.group(1) + "b");
                if (Files.exists(bridge))
                    Tool.run("ip", "link", "delete", bridge.getFileName().toString());
            }
        }
    }

    /** Where the others and this process reach a server. */
    String host(int sid) {
        return network + sid;
    }

    /** What is written before a command that shall run where a server lives. */
    List<String> through(int sid) {
        return List.of("ip", "netns", "exec", name(sid));
    }

    @Override
    public void cut(Set<Way> ways, boolean breaks) throws IOException, InterruptedException {
        for (Way way : ways) {
            if (breaks) {
                refuse(way);
                refuse(way.back());
            } else {
                rule(way.to(), "-s", host(way.from()), "-j", "DROP");
            }
        }
    }

    private void refuse(Way way) throws IOException, InterruptedException {
        rule(way.to(), "-s", host(way.from()), "-p", "tcp", "-j", "REJECT", "--reject-with", "tcp-reset");
    }

    private void rule(int sid, String... what) throws IOException, InterruptedException {
        Stream<String> command = Stream.concat(Stream.of("iptables", "-w", "-A", "INPUT"), Stream.of(what));
        inside(sid, command.toArray(String[]::new));
        ruled.add(sid);
    }

    @Override
    public void heal() throws IOException, InterruptedException {
        for (int sid : Set.copyOf(ruled)) inside(sid, "iptables", "-w", "-F", "INPUT");
        ruled.clear();
    }

    @Override
    public void close() {
        while (!undo.isEmpty()) {
            String[] command = undo.pop();
            try {
                Tool.run(command);
            } catch (IOException e) {
                throw new IllegalStateException("a network of " + size + " servers stays behind", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
