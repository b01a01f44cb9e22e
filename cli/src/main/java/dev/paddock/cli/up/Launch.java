package dev.paddock.cli.up;

import dev.paddock.cli.Main;
import dev.paddock.cli.ZooKeeperMain;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to start another {@code paddock} on the java that runs this one, with the flags that the root script gives that kind
 * of command. Neither Maven nor the script is needed.
 *
 * @param java      the java binary
 * @param arguments folder of the argument files that the root script wrote, one for each kind; null: started without it
 * @param extra     flags of the JVM that the user asked for
 * @param recording folder for archives of the classes that a node and a sidecar use; null: nothing is recorded
 */
public record Launch(
        Path java,
        @Nullable Path arguments,
        List<String> extra,
        @Nullable Path recording) {
    /** For a shell: the rest in a session of its own, where there is a program for that, out of reach of this terminal's signals. */
    public static final String APART = "command -v setsid >/dev/null && set -- setsid \"$@\"; ";

    /** From this process: its own java, the script's {@code -Dpaddock.launch} and {@code PADDOCK_JAVA_OPTS}. */
    public static Launch ofThisProcess(@Nullable Path recording) {
        Path java = ProcessHandle.current()
                .info()
                .command()
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("java.home"), "bin", "java"));
        String launch = System.getProperty("paddock.launch");
        String options = System.getenv().getOrDefault("PADDOCK_JAVA_OPTS", "").strip();
        return new Launch(
                java,
                launch == null ? null : Path.of(launch),
                options.isEmpty() ? List.of() : List.of(options.split("\\s+", -1)),
                recording);
    }

    /** Flags that make one process of a kind write its archive as it ends; none unless this is asked for. */
    List<String> recordingFlags(String kind) {
        return recording == null ? List.of() : List.of("-XX:AOTCacheOutput=" + recording.resolve(kind + ".aot"));
    }

    /**
     * The command line of a child. It ignores the terminal's Ctrl-C, which goes to the whole process group: its parent stops
     * it in order. It follows its parent's death, see {@link dev.paddock.cli.ParentWatch}.
     *
     * @param kind  {@code node} or {@code sidecar}
     * @param flags of the JVM, before those of the user
     * @param words of the command, with its name
     */
    List<String> command(String kind, List<String> flags, List<String> words) {
        List<String> following = new ArrayList<>(flags);
        following.add("-Dpaddock.parent=stdin");
        return command("trap '' INT HUP; exec \"$@\"", kind, following, words);
    }

    /** Likewise, of one that lives on when this process ends. */
    public List<String> detached(String kind, List<String> words) {
        return command("trap '' INT HUP; " + APART + "exec \"$@\"", kind, List.of(), words);
    }

    /**
     * Likewise, of one of Apache's servers.
     *
     * @param jars the folder with its jars
     * @param file its {@code zoo.cfg}
     */
    List<String> zookeeper(Path jars, List<String> flags, Path file) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "paddock"));
        command.add(java.toString());
        command.addAll(flags);
        command.addAll(List.of("-Dpaddock.parent=stdin", "-Dpaddock.log.level=INFO"));
        command.addAll(extra);
        command.addAll(List.of("-cp", jars.resolve("*") + File.pathSeparator + ours()));
        command.addAll(List.of(ZooKeeperMain.class.getName(), file.toString()));
        return command;
    }

    /** The jar or folder that this class is in. */
    private static String ours() {
        try {
            return Path.of(Launch.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no path", e);
        }
    }

    private List<String> command(String script, String kind, List<String> flags, List<String> words) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "paddock"));
        command.add(java.toString());
        Path file = arguments == null ? null : arguments.resolve(kind + ".args");
        if (file != null && Files.exists(file)) {
            command.add("@" + file);
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        }
        command.addAll(flags);
        command.addAll(extra);
        command.add(Main.class.getName());
        command.addAll(words);
        return command;
    }
}
