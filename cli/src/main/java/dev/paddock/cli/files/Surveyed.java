package dev.paddock.cli.files;

import dev.paddock.node.log.DamagedFileException;
import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.log.ReadableFolder;
import dev.paddock.node.log.SnapshotFile;
import dev.paddock.node.log.SnapshotFile.Summary;
import dev.paddock.node.tree.DigestAudit;
import dev.paddock.node.tree.Survey;
import java.io.IOException;

/**
 * One snapshot, read from front to end.
 *
 * @param zxid    in the name of the file, or else at its end; -1 where neither tells
 * @param survey  what it holds
 * @param summary what it tells of itself
 */
record Surveyed(long zxid, Survey survey, Summary summary) {
    /** How the digest that a snapshot records and the one of its tree stand to each other. */
    enum Comparison {
        /** None is recorded. */
        NONE,
        EQUAL,
        DIFFERENT,
        /** The recorded one is of a later zxid than all that the file surely has. */
        LATER
    }

    /**
     * Reads it.
     *
     * @throws DamagedFileException if it is not what was written
     */
    static Surveyed of(ReadableFolder folder, Named file, int depth, int top, Meter meter) throws IOException {
        var survey = new Survey(Offline.RULES, depth, top);
        Summary summary =
                new SnapshotFile(folder, file.name()).scan(survey, bytes -> meter.reading(file.name(), bytes));
        try {
            survey.end();
        } catch (IllegalArgumentException e) {
            throw new DamagedFileException(folder.path(file.name()), summary.bytes(), e.getMessage());
        }
        long zxid = file.zxid() >= 0 || summary.reachesZxid() == 0 ? file.zxid() : summary.reachesZxid();
        return new Surveyed(zxid, survey, summary);
    }

    Comparison comparison() {
        if (summary.digest().isEmpty()) return Comparison.NONE;
        DigestAudit.Entry recorded = summary.digest().get();
        if (recorded.digest() == survey.digest()) return Comparison.EQUAL;
        return recorded.zxid() > zxid ? Comparison.LATER : Comparison.DIFFERENT;
    }

    /** Both digests in words. */
    String digestSaid() {
        return switch (comparison()) {
            case NONE -> survey.digest() + " computed, none recorded";
            case EQUAL -> survey.digest() + " computed and recorded";
            case DIFFERENT ->
                survey.digest() + " computed, but "
                        + summary.digest().orElseThrow().digest() + " recorded";
            case LATER ->
                survey.digest() + " computed, " + summary.digest().orElseThrow().digest()
                        + " recorded of "
                        + Values.hex(summary.digest().orElseThrow().zxid())
                        + ", where only the log leads";
        };
    }
}
