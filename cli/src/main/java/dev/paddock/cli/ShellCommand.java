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
            "Without COMMAND it reads commands line by line; `help` lists them.",
            "",
            "Examples:",
            "  paddock shell ls /",
            "  paddock shell create /greeting hello",
            "  paddock shell -server 127.0.0.1:21811,127.0.0.1:21812 get -s /greeting",
            "  echo 'deleteall /app' | paddock shell"
        })
final class ShellCommand implements Callable<Integer> {
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
        try (Client client = connect()) {
            Shell shell = new Shell(client, line.getOut(), line.getErr());
            if (!words.isEmpty()) return shell.run(words);
            var input = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
            return shell.converse(input, () -> isDialogue() ? "[" + client.state() + " " + servers + "] " : "");
        }
    }

    @SuppressWarnings("SystemConsoleNull") // it does return null, unless the module jdk.internal.le is its provider
    private static boolean isDialogue() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private Client connect() throws InterruptedException {
        Client client;
        try {
            client = Client.builder(servers)
                    .sessionTimeout(Duration.ofMillis(timeoutMillis))
                    .start();
        } catch (IllegalArgumentException malformed) {
            throw new CommandFailed(malformed.getMessage(), malformed);
        }
        try {
            var _ = client.connected().get(timeoutMillis, TimeUnit.MILLISECONDS);
            return client;
        } catch (TimeoutException | ExecutionException failed) {
            client.close();
            throw new CommandFailed("no server serves at " + servers + " (waited " + timeoutMillis + " ms)", failed);
        }
    }
}
