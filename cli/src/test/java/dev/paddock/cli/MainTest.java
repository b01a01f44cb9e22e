package dev.paddock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Exit codes and the one line that explains them. */
public class MainTest {
    /** What came of one command. */
    public record Ran(int exitCode, String out, String err) {}

    /** Runs a command in this process. */
    public static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new Ran(line.execute(arguments), out.toString(), err.toString());
    }

    @Test
    void helpIsNoFailure() {
        Ran ran = run("--help");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("Usage: paddock", "version");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : Main.commandLine().getSubcommands().keySet()) {
            assertThat(run(command, "--help").exitCode()).as(command).isZero();
        }
    }

    @Test
    void versionNamesTheJavaThatRunsIt() {
        assertThat(run("version").out()).startsWith("paddock ").contains("java 25");
    }

    @Test
    void noCommandIsWrongUsage() {
        Ran ran = run();
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).isEqualToNormalizingNewlines("paddock: no command given; see paddock --help\n");
    }

    @Test
    void anUnknownOptionIsWrongUsageInOneLine() {
        Ran ran = run("version", "--frobnicate");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err())
                .isEqualToNormalizingNewlines("paddock: Unknown option: '--frobnicate'; see paddock version --help\n");
    }
}
