package dev.paddock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Exit codes and the one line that explains them. */
class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    @Test
    void helpIsNoFailure() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Usage: paddock", "version");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : Main.commandLine().getSubcommands().keySet()) {
            assertThat(run(command, "--help")).as(command).isZero();
        }
    }

    @Test
    void versionNamesTheJavaThatRunsIt() {
        assertThat(run("version")).isZero();
        assertThat(out.toString()).startsWith("paddock ").contains("java 25");
    }

    @Test
    void noCommandIsWrongUsage() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).isEqualToNormalizingNewlines("paddock: no command given; see paddock --help\n");
    }

    @Test
    void anUnknownOptionIsWrongUsageInOneLine() {
        assertThat(run("version", "--frobnicate")).isEqualTo(2);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines("paddock: Unknown option: '--frobnicate'; see paddock version --help\n");
    }
}
