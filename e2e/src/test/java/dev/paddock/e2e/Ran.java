package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command that has ended: its exit code and what it said, errors too. */
public record Ran(int exitCode, List<String> lines) {
    private static final int SECONDS_MAX = 60;

    /** Runs {@code ./paddock} with these words to its end. */
    public static Ran paddock(Path folder, String... words) throws IOException, InterruptedException {
        PaddockUp.prepareOnce();
        List<String> command = new ArrayList<>();
        command.add(PaddockUp.ROOT.resolve("paddock").toString());
        command.addAll(List.of(words));
        return command(folder, command);
    }

    static Ran command(Path folder, List<String> command) throws IOException, InterruptedException {
        try (Command running = Command.start(folder, command.toArray(String[]::new))) {
            return new Ran(running.await(SECONDS_MAX), running.lines());
        }
    }

    /** This one, if it ended well. */
    public Ran well() {
        assertThat(exitCode).as(text()).isZero();
        return this;
    }

    public String text() {
        return String.join("\n", lines);
    }

    /** The one JSON value that it printed. */
    public JsonNode json() throws IOException {
        return new ObjectMapper().readTree(text());
    }
}
