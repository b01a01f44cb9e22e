package dev.paddock.cli.files;

import dev.paddock.cli.CommandFailed;
import dev.paddock.node.log.DataFiles;
import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.tree.TreeRules;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What all these commands do alike: finding the files that were named, and saying in one line what goes wrong. */
final class Offline {
    /** TTL znodes are told from session ids; only an ensemble with a server 255 and without them would see some wrongly. */
    static final TreeRules RULES = TreeRules.EXTENDED;

    private Offline() {}

    /** The work of a command. */
    interface Work {
        /** Gives the exit code. */
        int run() throws IOException;
    }

    /** Runs it. */
    static int run(Work work) {
        try {
            return work.run();
        } catch (AccessDeniedException e) {
            throw new CommandFailed(
                    "may not read " + e.getFile() + "; run this as the user that the server runs as", e);
        } catch (IOException e) {
            throw new CommandFailed(said(e), e);
        } catch (OutOfMemoryError e) {
            throw new CommandFailed(
                    "the heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB is too small for this; set PADDOCK_JAVA_OPTS=-Xmx8g, or what the machine has",
                    e);
        }
    }

    private static String said(IOException e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    /** The snapshots that a path names: the one, or all of a folder. */
    static DataFiles snapshots(Path path) throws IOException {
        if (Files.isRegularFile(path)) return DataFiles.ofSnapshot(path);
        DataFiles files = folder(path);
        if (files.snapshots().isEmpty()) {
            throw new CommandFailed(
                    files.folder().path("") + " has no snapshots (snapshot.ZXID); name dataDir or its version-2");
        }
        return files;
    }

    /** The one snapshot that a path names, the newest of a folder. */
    static Named newest(DataFiles files) {
        return files.snapshots().getLast();
    }

    /** The logs that a path names: the one, or all of a folder. */
    static DataFiles logs(Path path) throws IOException {
        if (Files.isRegularFile(path)) return DataFiles.ofLog(path);
        DataFiles files = folder(path);
        if (files.logs().isEmpty()) {
            throw new CommandFailed(
                    files.folder().path("") + " has no logs (log.ZXID); name dataLogDir or its version-2");
        }
        return files;
    }

    /** The files of a folder, whichever there are. */
    static DataFiles folder(Path path) throws IOException {
        if (!Files.exists(path)) throw new CommandFailed(path + " is not there");
        if (!Files.isDirectory(path)) throw new CommandFailed(path + " is no folder");
        return DataFiles.of(path);
    }
}
