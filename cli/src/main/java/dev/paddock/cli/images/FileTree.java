package dev.paddock.cli.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of one layer, by their paths without a leading slash. All belong to root but for the folders that say otherwise. */
final class FileTree {
    /** What lies at a path. */
    private sealed interface Entry {}

    private record Folder(int mode, int owner) implements Entry {}

    private record Link(String target) implements Entry {}

    private record Text(byte[] content) implements Entry {}

    private record Copy(Path source, boolean executable) implements Entry {}

    private static final int EXECUTABLE = 0755;
    private static final int PLAIN = 0644;

    private final NavigableMap<String, Entry> entries = new TreeMap<>(); // a folder comes before what is in it

    FileTree folder(String path, int mode, int owner) {
        return put(path, new Folder(mode, owner));
    }

    FileTree text(String path, String content) {
        return put(path, new Text(content.getBytes(StandardCharsets.UTF_8)));
    }

    FileTree link(String path, String target) {
        return put(path, new Link(target));
    }

    /** The bytes of a file; a link is followed. */
    FileTree copy(String path, Path source) {
        return put(path, new Copy(source, Files.isExecutable(source)));
    }

    /** A whole folder as it is, links kept. */
    FileTree copyAll(String path, Path source) throws IOException {
        List<Path> found;
        try (Stream<Path> walk = Files.walk(source)) {
            found = walk.toList();
        }
        for (Path each : found) {
            String to = path + "/" + source.relativize(each);
            if (Files.isSymbolicLink(each)) {
                link(to, Files.readSymbolicLink(each).toString());
            } else if (Files.isRegularFile(each)) {
                copy(to, each);
            }
        }
        return this;
    }

    private FileTree put(String path, Entry entry) {
        int slash = path.lastIndexOf('/');
        if (slash > 0 && !entries.containsKey(path.substring(0, slash))) {
            folder(path.substring(0, slash), EXECUTABLE, 0);
        }
        entries.put(path, entry);
        return this;
    }

    void writeTo(Tar tar) throws IOException {
        for (var each : entries.entrySet()) {
            String path = each.getKey();
            switch (each.getValue()) {
                case Folder folder -> tar.folder(path, folder.mode(), folder.owner());
                case Link link -> tar.link(path, link.target());
                case Text text -> tar.file(path, PLAIN, text.content());
                case Copy copy -> tar.file(path, copy.executable() ? EXECUTABLE : PLAIN, copy.source());
            }
        }
    }
}
