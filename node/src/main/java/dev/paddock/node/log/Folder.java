package dev.paddock.node.log;

import java.io.IOException;

/**
 * One folder of a disk, with nothing hidden: what is not forced may be lost in a crash, names and bytes apart. All of
 * this package writes through it, so that tests can cut a run at any step. Used by several threads at once, on
 * different names.
 */
public interface Folder extends ReadableFolder {
    /** Makes a new, empty file. Fails if there is one of this name. */
    StoredFile create(String name) throws IOException;

    /** Opens a file for reading and writing. Fails if there is none. */
    StoredFile open(String name) throws IOException;

    @Override
    default ReadableFile read(String name) throws IOException {
        return open(name);
    }

    /** Gives a file another name, in one step; a file that had that name is gone. */
    void rename(String from, String to) throws IOException;

    /** Removes a file. Fails if there is none. */
    void delete(String name) throws IOException;

    /** How much room its disk has. */
    Space space() throws IOException;

    /** Returns when all creates, renames and deletes up to now would survive a crash. */
    void force() throws IOException;
}
