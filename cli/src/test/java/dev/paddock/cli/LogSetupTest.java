package dev.paddock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The log of the programs: which events, and how they look. */
class LogSetupTest {
    private static String line(LoggerContext context, Level level, Throwable thrown) {
        Logger logger = context.getLogger("dev.paddock.node.server.Node");
        var event = new LoggingEvent("caller", logger, level, "recovered {} znodes", thrown, new Object[] {4});
        event.setThreadName("main");
        return new String(new LogLine().encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void aLineTellsWhenHowBadWhoAndWhat() {
        String time = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} ";
        LoggerContext context = new LoggerContext();
        assertThat(line(context, Level.INFO, null)).matches(time + "INFO  Node \\[main] recovered 4 znodes\n");
        assertThat(line(context, Level.ERROR, null)).matches(time + "ERROR Node \\[main] recovered 4 znodes\n");
    }

    @Test
    void whatWasThrownFollowsWithItsCause() {
        String text = line(
                new LoggerContext(),
                Level.WARN,
                new IllegalStateException("outer", new IllegalArgumentException("inner")));
        assertThat(text.lines())
                .anyMatch(line -> line.equals("java.lang.IllegalStateException: outer"))
                .anyMatch(line -> line.contains("at dev.paddock.cli.LogSetupTest.whatWasThrownFollowsWithItsCause"))
                .anyMatch(line -> line.equals("Caused by: java.lang.IllegalArgumentException: inner"));
    }

    @Test
    void logbackTakesTheSetupFoundOnTheClassPath() {
        Logger root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
        assertThat(root.getLevel()).isEqualTo(Level.WARN);
        assertThat(root.getAppender("STDERR")).isNotNull();
    }

    @Test
    void aFileOfTheUsersIsReadInstead() {
        LoggerContext context = new LoggerContext();
        System.setProperty("logback.configurationFile", "mine.xml");
        try {
            assertThat(new LogSetup().configure(context)).isEqualTo(ExecutionStatus.NEUTRAL);
        } finally {
            System.clearProperty("logback.configurationFile");
        }
        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR"))
                .isNull();
    }
}
