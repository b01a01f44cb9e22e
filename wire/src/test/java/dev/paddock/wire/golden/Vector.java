package dev.paddock.wire.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Bytes with a kind that says how to decode them. In a file: {@code == kind}, then a line of hex for each field with its name after {@code #}. */
public record Vector(String kind, List<String> lines) {
    private static final String START = "== ";

    /** All bytes of it. */
    public byte[] bytes() {
        var hex = new StringBuilder();
        for (String line : lines) {
            hex.append(line.replaceFirst("#.*", "").replace(" ", ""));
        }
        return HexFormat.of().parseHex(hex);
    }

    static void writeFile(Path file, String about, List<Vector> vectors) throws IOException {
        var text = new StringBuilder("# " + about + ", recorded from Apache ZooKeeper 3.9.5 by GoldenRecorder.\n");
        for (Vector vector : vectors) {
            text.append('\n').append(START).append(vector.kind).append('\n');
            vector.lines.forEach(line -> text.append(line).append('\n'));
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Reads a file of vectors. */
    public static List<Vector> readFile(Path file) throws IOException {
        var vectors = new ArrayList<Vector>();
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(START)) {
                lines = new ArrayList<>();
                vectors.add(new Vector(line.substring(START.length()), lines));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                lines.add(line);
            }
        }
        return vectors;
    }
}
