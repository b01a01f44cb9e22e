package dev.paddock.cli.images;

import dev.paddock.cli.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * This machine's C library, as far as a Java runtime is linked with it. In an image it lies at the same paths, where its own
 * loader looks without being told.
 */
final class CLibrary {
    /** Loaded by the C library itself as it looks up hosts and users; recent ones have it within. */
    private static final List<String> LOADED_LATER = List.of("libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2");

    private final Path folder;

    private CLibrary(Path folder) {
        this.folder = folder;
    }

    /** The one that this process runs on. */
    static CLibrary ofThisProcess() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.exists(maps)) throw new CommandFailed("images: they are made on Linux only");
        return Files.readAllLines(maps).stream()
                .filter(line -> line.endsWith("/libc.so.6"))
                .map(line -> Path.of(line.substring(line.indexOf('/'))))
                .findFirst()
                .map(library -> new CLibrary(library.getParent()))
                .orElseThrow(() -> new CommandFailed("images: they are made where Java runs on the GNU C library"));
    }

    /**
     * Adds the loader and all libraries that the files of a runtime need and that it does not bring itself.
     *
     * @param runtime folder of the linked runtime
     */
    void addTo(FileTree tree, Path runtime) throws IOException {
        Map<String, Path> own = new HashMap<>();
        try (Stream<Path> walk = Files.walk(runtime)) {
            walk.filter(Files::isRegularFile)
                    .forEach(file -> own.put(file.getFileName().toString(), file));
        }
        var wanted = new TreeSet<String>();
        Deque<Path> unread = new ArrayDeque<>(own.values());
        for (String name : LOADED_LATER) {
            if (Files.exists(folder.resolve(name)) && wanted.add(name)) unread.add(folder.resolve(name));
        }
        while (!unread.isEmpty()) {
            Elf elf = Elf.read(unread.remove());
            elf.interpreter().ifPresent(loader -> tree.copy(loader.substring(1), Path.of(loader)));
            for (String name : elf.needed()) {
                if (!own.containsKey(name) && wanted.add(name)) unread.add(existing(name));
            }
        }
        for (String name : wanted) tree.copy(folder.resolve(name).toString().substring(1), folder.resolve(name));
        addLicence(tree);
    }

    private Path existing(String name) {
        Path library = folder.resolve(name);
        if (!Files.exists(library)) throw new CommandFailed("images: " + library + " is missing, which Java needs");
        return library;
    }

    private static void addLicence(FileTree tree) {
        Path debian = Path.of("/usr/share/doc/libc6/copyright");
        if (Files.exists(debian)) tree.copy(debian.toString().substring(1), debian);
    }
}
