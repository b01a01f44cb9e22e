package dev.paddock.node.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link ReadableFolder}. Owned by one thread. */
public interface ReadableFile extends Closeable {
    /** Its length in bytes. */
    long size() throws IOException;

    /** Reads at least one byte at an offset into what remains of the buffer; -1 at the end of the file. */
    int read(ByteBuffer into, long at) throws IOException;
}
