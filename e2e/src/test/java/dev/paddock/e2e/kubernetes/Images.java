package dev.paddock.e2e.kubernetes;

import dev.paddock.e2e.Command;
import dev.paddock.operator.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/** Paddock's own images, as {@code ./paddock images} writes them. */
final class Images {
    private static final Path ROOT = Path.of(System.getProperty("paddock.root"));
    private static final Path FOLDER = ROOT.resolve("e2e/target/images");
    private static final long SECONDS_MAX = 300;

    private Images() {}

    /** Loads all of them, unless that was done; their tag is the version. */
    static void loadInto(Lab lab) throws IOException, InterruptedException {
        lab.once("images", () -> load(lab));
    }

    /** The one of that name, once they are loaded. */
    static Path archive(String name) {
        return FOLDER.resolve("paddock-" + name + "-" + Release.VERSION + ".tar");
    }

    private static void load(Lab lab) throws IOException, InterruptedException {
        if (lab.isGiven()) return;
        FileUtils.deleteDirectory(FOLDER.toFile());
        try (Command images =
                Command.start(ROOT, ROOT.resolve("paddock").toString(), "images", "--output", FOLDER.toString())) {
            if (images.await(SECONDS_MAX) != 0) throw new IOException("no images: " + images.text());
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Path> archives =
                    files.filter(each -> each.toString().endsWith(".tar")).toList();
            for (Path archive : archives) lab.load(archive);
        }
    }
}
