package dev.paddock.node.fuzz;

import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The vectors that were recorded from Apache ZooKeeper, to begin with. */
public final class Golden {
    private static final Path FOLDER = Path.of("../wire/src/test/resources/golden");

    private Golden() {}

    /** A vector and what it is. */
    public record Vector(String kind, byte[] bytes) {
        /** The first word of its kind. */
        public String form() {
            return kind.split(" ", 2)[0];
        }

        /** As the argument of a test. */
        public Arguments with(int... before) {
            var all = new ByteArrayOutputStream();
            for (int b : before) all.write(b);
            all.writeBytes(bytes);
            return seed(kind, all.toByteArray());
        }
    }

    /** An input with a name, as the argument of a test. */
    public static Arguments seed(String name, byte[] bytes) {
        return arguments(named(name, bytes));
    }

    /** Those of one file, like {@code client}. */
    public static Stream<Vector> vectors(String file) {
        var vectors = new ArrayList<Vector>();
        String kind = "";
        var hex = new StringBuilder();
        for (String line : lines(FOLDER.resolve(file + ".txt"))) {
            if (line.startsWith("== ")) {
                if (!kind.isEmpty()) vectors.add(vector(kind, hex));
                kind = line.substring(3);
                hex.setLength(0);
            } else if (!kind.isEmpty()) {
                hex.append(line.replaceFirst("#.*", "").strip());
            }
        }
        vectors.add(vector(kind, hex));
        return vectors.stream();
    }

    private static Vector vector(String kind, CharSequence hex) {
        return new Vector(kind, HexFormat.of().parseHex(hex));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
