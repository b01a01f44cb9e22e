package dev.paddock.node.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One folder of a disk, for who only looks. All readers of this package read through it. */
public interface ReadableFolder {
    /** All names in it, ascending. */
    List<String> names() throws IOException;

    /** Opens a file for reading. Fails if there is none. */
    ReadableFile read(String name) throws IOException;

    /** Opens a file to see what would be left of it after a power loss, where that can be told. Fails if there is none. */
    default ReadableFile readForced(String name) throws IOException {
        return read(name);
    }

    /** Where a name lies, for messages. */
    Path path(String name);
}
