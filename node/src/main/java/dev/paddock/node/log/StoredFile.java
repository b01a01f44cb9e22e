package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Folder}. Owned by one thread. */
public interface StoredFile extends ReadableFile {
    /** Writes all that remains of the buffer at an offset. It may be lost in a crash, whole or in part, until forced. */
    void write(ByteBuffer from, long at) throws IOException;

    /** Cuts it to a length. */
    void truncate(long size) throws IOException;

    /** Returns when its bytes and its length up to now would survive a crash. */
    void force() throws IOException;
}
