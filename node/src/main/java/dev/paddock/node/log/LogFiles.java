package dev.paddock.node.log;

import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.log.LogFileReader.Found;
import dev.paddock.node.log.LogFileReader.Step;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What is done to the files of a log while none of them is open for writing: cutting, removing, purging. */
final class LogFiles {
    private LogFiles() {}

    static List<Named> files(ReadableFolder folder) throws IOException {
        return FileNames.sorted(folder.names(), FileNames.LOG, "");
    }

    /** The zxid that files begin with: the one in the name of the first, or of its first record where that has none. */
    static long firstZxid(ReadableFolder folder, List<Named> files) throws IOException {
        if (files.isEmpty()) return 0;
        if (files.getFirst().zxid() > 0) return files.getFirst().zxid();
        try (LogReader reader = new LogReader(folder, files, Map.of(), 1, Long.MAX_VALUE)) {
            return reader.firstZxid();
        }
    }

    /** Forces the files that hold records from a zxid on. */
    static void forceFrom(Folder folder, long zxid) throws IOException {
        List<Named> files = files(folder);
        for (int i = 0; i < files.size(); i++) {
            if (i + 1 == files.size() || files.get(i + 1).zxid() > zxid) {
                force(folder, files.get(i).name());
            }
        }
    }

    /** Forces a file that perhaps another process wrote. */
    static void force(Folder folder, String name) throws IOException {
        try (StoredFile file = folder.open(name)) {
            file.force();
        }
    }

    static void deleteIfThere(Folder folder, String name) throws IOException {
        if (folder.names().contains(name)) {
            folder.delete(name);
        }
    }

    /** Gives a file a name that no server reads. */
    static void setAside(Folder folder, String name) throws IOException {
        folder.rename(name, name + ".damaged");
        folder.force();
    }

    /** Gives back the space of a file that could not be finished, perhaps because there was too little. */
    static void deleteAfter(IOException failure, Folder folder, String name) {
        try {
            deleteIfThere(folder, name);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Removes all files of a log that no one writes to, newest first. */
    static void deleteAll(Folder folder) throws IOException {
        for (Named newest : files(folder).reversed()) {
            delete(folder, newest.name());
        }
    }

    /**
     * Removes the files in which all records are at or before a zxid; never the newest file. For the snapshot thread.
     *
     * @return how many went
     */
    static int purge(Folder folder, long zxid) throws IOException {
        List<Named> files = files(folder);
        int removed = 0;
        while (removed + 1 < files.size() && files.get(removed + 1).zxid() <= zxid + 1) {
            folder.delete(files.get(removed++).name());
        }
        return removed;
    }

    /** Removes all records after a zxid, newest first, and says which one is the last now; 0 if none is. */
    static long removeAfter(Folder folder, long zxid) throws IOException {
        List<Named> files = files(folder);
        for (Named newest : files.reversed()) {
            if (newest.zxid() > zxid) {
                delete(folder, newest.name());
            } else {
                long left = cutAfter(folder, newest.name(), zxid);
                if (left > 0) {
                    return left;
                }
                delete(folder, newest.name()); // no record of it is left, so the one before is the last
            }
        }
        return 0;
    }

    /** Cuts a file after a zxid, and says which record is its last now; 0 if none is. */
    private static long cutAfter(Folder folder, String name, long zxid) throws IOException {
        long left = 0;
        try (LogFileReader reader = new LogFileReader(folder, name)) {
            Step step = reader.next();
            while (step instanceof Found found && found.record().zxid() <= zxid) {
                left = found.record().zxid();
                step = reader.next();
            }
            switch (step) {
                case Found found -> cut(folder, name, found.offset());
                case LogFileReader.Bad bad -> {
                    if (left < zxid) {
                        throw new DamagedLogException(folder.path(name), bad.offset(), bad.problem());
                    }
                    cut(folder, name, bad.offset());
                }
                case LogFileReader.End _ -> {}
            }
        }
        return left;
    }

    /** Removes a torn tail. */
    static void cut(Folder folder, TornTail torn) throws IOException {
        if (torn.offset() <= LogFormat.HEADER_BYTES) {
            delete(folder, torn.file());
        } else {
            cut(folder, torn.file(), torn.offset());
        }
    }

    private static void cut(Folder folder, String name, long offset) throws IOException {
        try (StoredFile file = folder.open(name)) {
            file.truncate(offset);
            file.force();
        }
    }

    /** Each removal is forced before the next, since a folder keeps no order of its own. */
    private static void delete(Folder folder, String name) throws IOException {
        folder.delete(name);
        folder.force();
    }

    /** Removes the newest file if it holds no record, so that the next one may have its name. */
    static void removeEmptyNewest(Folder folder) throws IOException {
        List<Named> files = files(folder);
        if (files.isEmpty()) {
            return;
        }
        String newest = files.getLast().name();
        boolean empty;
        try (LogFileReader reader = new LogFileReader(folder, newest)) {
            empty = reader.next() instanceof LogFileReader.End;
        }
        if (empty) {
            delete(folder, newest);
        }
    }
}
