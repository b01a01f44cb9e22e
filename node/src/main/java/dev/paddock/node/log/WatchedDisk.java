package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder, and how much room its disk shall keep for what cannot wait. From any thread. */
final class WatchedDisk {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedDisk.class);
    private static final long LOW_BYTES_MAX = 64L << 20; // where nothing is configured; a second of the fastest writing
    private static final int LOW_SHARE = 10; // of a small disk

    private final Folder folder;
    private final long lowBytes;

    private WatchedDisk(Folder folder, long lowBytes) {
        this.folder = folder;
        this.lowBytes = lowBytes;
    }

    /** @param lowBytes the low-water mark; negative for the default, a share of the disk and at most 64 MiB */
    static WatchedDisk of(Folder folder, long lowBytes) throws IOException {
        Space space = folder.space();
        if (space.equals(Space.UNKNOWN))
            LOG.warn("{} does not say how large its disk is: a full one shows where a write fails", folder.path(""));
        if (lowBytes >= 0) return new WatchedDisk(folder, lowBytes);
        return new WatchedDisk(folder, Math.min(LOW_BYTES_MAX, space.total() / LOW_SHARE));
    }

    long lowBytes() {
        return lowBytes;
    }

    Path path() {
        return folder.path("");
    }

    Space space() throws IOException {
        return folder.space();
    }

    /** Whether the mark is not passed by so many bytes more. */
    boolean hasRoomFor(long bytes) throws IOException {
        return folder.space().usable() - bytes >= lowBytes;
    }

    /** The folder for who can wait: new files there stop growing where too little would be left. */
    Folder sparing() {
        return new Sparing();
    }

    private final class Sparing implements Folder {
        @Override
        public StoredFile create(String name) throws IOException {
            return new SparingFile(folder.create(name));
        }

        @Override
        public StoredFile open(String name) throws IOException {
            return folder.open(name);
        }

        @Override
        public ReadableFile read(String name) throws IOException {
            return folder.read(name);
        }

        @Override
        public ReadableFile readForced(String name) throws IOException {
            return folder.readForced(name);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            folder.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            folder.delete(name);
        }

        @Override
        public void force() throws IOException {
            folder.force();
        }

        @Override
        public Space space() throws IOException {
            return folder.space();
        }

        @Override
        public List<String> names() throws IOException {
            return folder.names();
        }

        @Override
        public Path path(String name) {
            return folder.path(name);
        }
    }

    private final class SparingFile implements StoredFile {
        private final StoredFile file;

        SparingFile(StoredFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            if (!hasRoomFor(from.remaining())) throw new NoRoomException(path(), lowBytes);
            file.write(from, at);
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            return file.read(into, at);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
