package dev.paddock.e2e.kubernetes;

import dev.paddock.e2e.Command;
import dev.paddock.e2e.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs of this machine for images, with the loader and the libraries that they are linked with, where the machine has them. */
final class LinkedPrograms {
    private static final Pattern LIBRARY = Pattern.compile("(?:=> )?(/\\S+) \\(0x");
    private static final long SECONDS_MAX = 60;

    private LinkedPrograms() {}

    /** Adds one to the folder {@code bin} of an image. */
    static void add(String program, Path root) throws IOException, InterruptedException {
        if (!Installed.isOnPath(program)) throw new IOException(program + " is not installed; ./verify installs it");
        Path file = Path.of("/bin", program);
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.copy(file.toRealPath(), bin.resolve(program), StandardCopyOption.COPY_ATTRIBUTES);
        try (Command ldd = Command.start(root, "ldd", file.toString())) {
            if (ldd.await(SECONDS_MAX) != 0) throw new IOException("ldd: " + ldd.text());
            for (String line : ldd.lines()) {
                Matcher library = LIBRARY.matcher(line);
                if (library.find()) addLibrary(Path.of(library.group(1)), root);
            }
        }
    }

    private static void addLibrary(Path library, Path root) throws IOException {
        Path copy = root.resolve(library.toString().substring(1));
        Files.createDirectories(copy.getParent());
        Files.copy(library.toRealPath(), copy, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
    }
}
