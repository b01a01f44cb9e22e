package dev.paddock.node.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a person may do where acknowledged history is damaged or missing and no other server can make up for it: two commands
 * to choose from. The first puts a copy back; the second gives up for good what cannot be read.
 */
final class LastResort {
    private final Folder logFolder;
    private final Folder ownFolder;

    /**
     * @param logFolder holds the log
     * @param ownFolder what is ours beside it
     */
    LastResort(Folder logFolder, Folder ownFolder) {
        this.logFolder = logFolder;
        this.ownFolder = ownFolder;
    }

    /** Where a file is damaged. */
    String of(DamagedFileException damage) throws IOException {
        boolean isMissing = damage instanceof LogGapException; // the file at fault is whole, one before it is not there
        String copy = isMissing ? "cp -n COPY/log.* " + logFolder.path("") : "cp COPY " + damage.file();
        return choices(copy, giveUp(damage));
    }

    /** Where all that is there is whole, and ends before what was acknowledged. */
    String ofMissingEnd() {
        return choices("cp COPY/log.* " + logFolder.path(""), "rm -f " + ownFolder.path(ForcedMark.FILE));
    }

    /** Where the log is not the one that goes with the snapshots, which say so in this file. */
    String ofOtherLog(Path pair) {
        return ". Mount the disk that belongs at " + logFolder.path("").getParent()
                + ", or bring its files back, and start again; or give up for good all that is newer than the newest snapshot: rm -f "
                + pair + ' ' + ownFolder.path(ForcedMark.FILE);
    }

    private static String choices(String copy, String giveUp) {
        return ". Stop here or choose: where there is a whole copy, put it back: " + copy
                + "; where there is none, give up for good what was acknowledged and cannot be read: " + giveUp;
    }

    private String giveUp(DamagedFileException damage) throws IOException {
        Path file = damage.file();
        String name = file.getFileName().toString();
        if (damage instanceof LogGapException gap && gap.isByASeam()) return "rm -f " + ownFolder.path(Seams.FILE);
        if (ownFolder.path(ForcedMark.FILE).equals(file)) return "rm -f " + file;
        List<String> logs =
                LogFiles.files(logFolder).stream().map(FileNames.Named::name).toList();
        int at = logFolder.path(name).equals(file) ? logs.indexOf(name) : -1;
        boolean isOfLog = at >= 0;
        boolean keepsSome = isOfLog && damage.offset() > LogFormat.HEADER_BYTES;
        List<String> commands = new ArrayList<>();
        commands.add(keepsSome ? "truncate -s " + damage.offset() + ' ' + file : aside(file));
        List<String> later = isOfLog ? logs.subList(at + 1, logs.size()) : List.of();
        for (String each : later) commands.add(aside(logFolder.path(each)));
        commands.add("rm -f " + ownFolder.path(ForcedMark.FILE));
        return String.join(" && ", commands);
    }

    private static String aside(Path file) {
        return "mv " + file + ' ' + file + ".damaged";
    }
}
