package dev.paddock.cli;

import dev.paddock.cli.shell.Shell;
import dev.paddock.client.Client;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paddock shell}: see {@link Shell}. */
@Command(
        name = "shell",
        mixinStandardHelpOptions = true,
        description = "Look at znodes and change them, with zkCli's commands.",
        footer = {
            "",
            "Without COMMAND it reads commands line by line; `help` lists them, `help ls` or `ls --help` says more of one.",
            "",
            "Examples:",
            "  paddock shell ls /",
            "  paddock shell create /greeting hello",
            "  paddock shell -server 127.0.0.1:21811,127.0.0.1:21812 get -s /greeting",
            "  echo 'deleteall /app' | paddock shell"
        })
final class ShellCommand implements Callable<Integer> {
    private static final int REPLY_BYTES_MAX = 512 << 20; // listings of servers that give no pages

    @Option(
            names = {"-server", "--server"},
            paramLabel = "HOST:PORT,…",
            defaultValue = "127.0.0.1:2181",
            description = "Servers, with a chroot if you like (default: ${DEFAULT-VALUE}, the sidecar's proxy).")
    private String servers;

    @Option(
            names = {"-timeout", "--timeout"},
            paramLabel = "MILLIS",
            defaultValue = "10000",
            description = "Session timeout, and how long to wait for a server (default: ${DEFAULT-VALUE}).")
    private int timeoutMillis;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "A command and its words.")
    private List<String> words = List.of();

    @Spec
    private CommandSpec spec;

    ShellCommand() {}

    @Override
    public Integer call() throws InterruptedException, IOException {
        var line = spec.commandLine();
        try (Shell shell = new Shell(this::connect, servers, line.getOut(), line.getErr())) {
            stopOnSignal(shell);
            if (!words.isEmpty()) return shell.run(words);
            var input = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
            return shell.converse(input, isDialogue());
        }
    }

    /** Ctrl-C in the middle of long work: it says how far it came before the process ends. */
    private static void stopOnSignal(Shell shell) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            try {
                shell.interrupt();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    @SuppressWarnings("SystemConsoleNull") // it does return null, unless the module jdk.internal.le is its provider
    private static boolean isDialogue() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private Client connect(String to) throws InterruptedException {
        Client client;
        try {
            client = Client.builder(to)
                    .sessionTimeout(Duration.ofMillis(timeoutMillis))
                    .replyBytesMax(REPLY_BYTES_MAX)
                    .start();
        } catch (IllegalArgumentException malformed) {
            throw new CommandFailed(malformed.getMessage(), malformed);
        }
        try {
            var _ = client.connected().get(timeoutMillis, TimeUnit.MILLISECONDS);
            return client;
        } catch (TimeoutException | ExecutionException failed) {
            client.close();
            throw new CommandFailed("no server serves at " + to + " (waited " + timeoutMillis + " ms)", failed);
        }
    }
}
