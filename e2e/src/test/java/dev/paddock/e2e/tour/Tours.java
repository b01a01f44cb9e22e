package dev.paddock.e2e.tour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.e2e.tour.TourServers.Maker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Leads a tour through the servers of both makers. They start at the first use and end with the last test. */
final class Tours {
    private static final Path TRANSCRIPTS = Path.of("target", "tours");
    /** A client that prints from two threads loses a line once in a long while; a difference of the servers stays. */
    private static final int MORE_MAX = 2;

    static final String LAST_LINE = "the tour is over";

    private final ExtensionContext.Store store;

    private Tours(ExtensionContext.Store store) {
        this.store = store;
    }

    /** Takes one client through one ensemble and returns what it saw; the last line is {@link Tours#LAST_LINE}. */
    interface Tour {
        List<String> visit(TourServers servers) throws Exception;
    }

    /** Shows that a client sees the same at both makers' servers; keeps both transcripts in {@code target/tours}. */
    void compare(String name, int count, Tour tour) throws Exception {
        Path apache = transcript(name, count, Maker.APACHE, tour);
        Path paddock = transcript(name, count, Maker.PADDOCK, tour);
        for (int more = 0; more < MORE_MAX && Files.mismatch(apache, paddock) >= 0; more++) {
            apache = transcript(name, count, Maker.APACHE, tour);
            paddock = transcript(name, count, Maker.PADDOCK, tour);
        }
        assertThat(paddock).hasSameTextualContentAs(apache);
    }

    private Path transcript(String name, int count, Maker maker, Tour tour) throws Exception {
        TourServers servers = store.computeIfAbsent(
                maker + "-" + count,
                key -> {
                    try {
                        return new TourServers(maker, count, TourServers.freshFolder(key));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                TourServers.class);
        List<String> lines = tour.visit(servers);
        Path file = TRANSCRIPTS.resolve(name + "-" + count + "-" + maker.name().toLowerCase(Locale.ROOT) + ".txt");
        Files.createDirectories(TRANSCRIPTS);
        String text = String.join("\n", Transcript.comparable(lines)) + "\n";
        Files.write(file, text.getBytes(UTF_8)); // a lone surrogate becomes a question mark
        assertThat(lines).as("what %s said to %s, %s", name, maker, servers).endsWith(LAST_LINE);
        return file;
    }

    /** Gives a test method its {@link Tours}. */
    static final class Resolver implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
            return parameter.getParameter().getType() == Tours.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return new Tours(test.getRoot().getStore(Namespace.create(Tours.class)));
        }
    }
}
