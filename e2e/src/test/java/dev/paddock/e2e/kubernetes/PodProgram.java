package dev.paddock.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What runs in pods of the tests, with nothing but a Java: it knows no more than files, which are there when it starts. */
public final class PodProgram {
    private static final Path FOLDER = Path.of("/etc/app");

    private PodProgram() {}

    /** Says what is in a file whenever it is another. */
    public static void main(String[] words) throws IOException, InterruptedException {
        Map<Path, String> said = new HashMap<>();
        while (true) {
            for (Path file : files()) {
                String now = read(file);
                if (!now.isEmpty() && !now.equals(said.put(file, now)))
                    System.out.println(file.getFileName() + ": " + now);
            }
            if (said.isEmpty()) throw new IllegalStateException("started before its files");
            Thread.sleep(20);
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(FOLDER)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** Empty if another has just come in its place. */
    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
