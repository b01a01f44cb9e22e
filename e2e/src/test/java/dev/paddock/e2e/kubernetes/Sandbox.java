package dev.paddock.e2e.kubernetes;

import dev.paddock.e2e.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Namespaces for mounts, network and processes. Their first process lives as long as a pipe from this one is open, so all that
 * runs in them ends when this process does, even if it is killed. A cable joins them to the machine's own network.
 */
final class Sandbox implements AutoCloseable {
    private static final Path SCRIPT =
            Path.of(System.getProperty("paddock.root"), "e2e/src/test/kubernetes/sandbox.sh");
    private static final long SECONDS_MAX = 60;

    private final Process unshare;
    private final long first; // pid of the first process within, as the machine counts

    private Sandbox(Process unshare, long first) {
        this.unshare = unshare;
        this.first = first;
    }

    static Sandbox open(Place place) throws IOException, InterruptedException {
        Process unshare = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--net",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "bash",
                        SCRIPT.toString(),
                        place.folder().toString(),
                        place.pods() + ".1")
                .redirectErrorStream(true)
                .start();
        // Closed with the process; what is read after "ready" is why it failed.
        var out = new BufferedReader(new InputStreamReader(unshare.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); !"ready".equals(line); line = out.readLine()) {
            if (line == null) throw new IOException("no namespaces for the lab: " + said);
            said.append(line).append('\n');
        }
        long first = unshare.children().findFirst().orElseThrow().pid();
        Sandbox sandbox = new Sandbox(unshare, first);
        sandbox.connect(place);
        return sandbox;
    }

    private void connect(Place place) throws IOException, InterruptedException {
        String cable = place.cable();
        String near = place.ends() + ".1";
        String far = place.ends() + ".2";
        unplug(cable);
        run(List.of(
                "ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", String.valueOf(first)));
        run(List.of("ip", "address", "add", near + "/30", "dev", cable));
        run(List.of("ip", "link", "set", cable, "up"));
        run(inside("ip", "address", "add", far + "/30", "dev", "eth0"));
        run(inside("ip", "link", "set", "eth0", "up"));
        run(inside("ip", "route", "add", "default", "via", near));
        run(List.of("ip", "route", "replace", place.pods() + ".0/24", "via", far));
        run(List.of("ip", "route", "replace", place.services() + ".0/24", "via", far));
    }

    /** Takes away the cable of one who had this place before: the kernel does so too, when it finds the time. */
    private static void unplug(String cable) throws IOException, InterruptedException {
        run(List.of(
                "bash", "-c", "ip link delete " + cable + " 2>/dev/null || ! ip link show " + cable + " 2>/dev/null"));
    }

    /** The words by which a command runs in here. */
    List<String> inside(String... words) {
        List<String> all = new ArrayList<>(
                List.of("nsenter", "--target", String.valueOf(first), "--mount", "--net", "--pid", "--"));
        all.addAll(List.of(words));
        return all;
    }

    /** Runs a command to its end, and returns what it said. */
    static String run(List<String> words) throws IOException, InterruptedException {
        try (Command command = Command.start(Path.of("/"), words.toArray(String[]::new))) {
            if (command.await(SECONDS_MAX) != 0) throw new IOException(words + " failed: " + command.text());
            return command.text();
        }
    }

    /** Ends all that runs in here, and waits until it has. */
    @Override
    public void close() throws IOException {
        unshare.getOutputStream().close();
        try {
            unshare.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the lab ended", e);
        }
    }
}
