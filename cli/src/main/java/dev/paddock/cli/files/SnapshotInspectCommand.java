package dev.paddock.cli.files;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.paddock.node.log.DataFiles;
import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.log.SnapshotFile.Summary;
import dev.paddock.node.tree.DigestAudit;
import dev.paddock.node.tree.Survey;
import dev.paddock.node.tree.Survey.Subtree;
import dev.paddock.wire.Zxid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paddock snapshot inspect}: what a snapshot holds, in numbers. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Tell what a snapshot holds: zxid, counts, bytes, digests, the largest subtrees.",
        footer = {
            "",
            "Of a folder, the newest snapshot. The checksums are verified on the way, and the tree's digest is computed.",
            "ZooKeeper writes snapshots while changes come in: such a one holds part of what came up to the zxid of its digest,",
            "and only the log up to there makes it whole; `paddock snapshot verify` compares the digests then. The bytes of a",
            "subtree are those of its data.",
            "",
            "Examples:",
            "  paddock snapshot inspect /var/lib/zookeeper --depth 3 --top 20",
            "  paddock snapshot inspect version-2/snapshot.100000002.gz --json"
        })
final class SnapshotInspectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE|FOLDER", description = "A snapshot, or a folder of them.")
    private Path path = Path.of("");

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "2",
            description = "Compare subtrees of up to so many names (default: ${DEFAULT-VALUE}).")
    private int depth;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many of the largest to name (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(names = "--json", description = "Print one line of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    SnapshotInspectCommand() {}

    @Override
    public Integer call() {
        return Offline.run(() -> {
            DataFiles files = Offline.snapshots(path);
            Named file = Offline.newest(files);
            try (Meter meter = Meter.quiet(spec.commandLine().getErr())) {
                Surveyed seen = Surveyed.of(files.folder(), file, depth, Math.max(0, top), meter);
                meter.clear();
                print(files, file, seen);
            }
            return 0;
        });
    }

    private void print(DataFiles files, Named file, Surveyed seen) throws IOException {
        Path where = files.folder().path(file.name());
        if (json) {
            try (JsonLines out = new JsonLines(spec.commandLine().getOut())) {
                out.object(fields -> write(fields, where, seen));
            }
            return;
        }
        try (Lines out = new Lines(spec.commandLine().getOut())) {
            print(where, seen, out);
        }
    }

    private static void print(Path where, Surveyed seen, Lines out) throws IOException {
        Survey survey = seen.survey();
        Summary summary = seen.summary();
        long onDisk = Files.size(where);
        out.print("file        " + where);
        out.print("zxid        " + (seen.zxid() < 0 ? "not told" : place(seen.zxid())));
        if (summary.reachesZxid() > seen.zxid() && seen.zxid() >= 0) {
            out.print("            written while changes up to " + place(summary.reachesZxid()) + " came in");
        }
        out.print("size        " + Values.bytes(onDisk)
                + (onDisk == summary.bytes() ? "" : ", uncompressed " + Values.bytes(summary.bytes())));
        out.print("znodes      " + survey.znodes() + ": " + survey.ephemerals() + " ephemeral, " + survey.containers()
                + " containers, " + survey.ttls() + " with a time to live");
        out.print("sessions    " + survey.sessions());
        out.print("ACLs        " + Values.count(summary.aclLists(), "list") + " besides the open one");
        if (summary.danglingAcls() > 0) {
            out.print("            " + Values.count(summary.danglingAcls(), "znode")
                    + " with one that is not in the file");
        }
        out.print("data        " + Values.bytes(survey.dataBytes()));
        out.print("digest      " + seen.digestSaid());
        if (!survey.largest().isEmpty()) out.print("");
        for (Subtree subtree : survey.largest()) {
            out.print("%,15d bytes %,12d znodes  %s"
                    .formatted(subtree.dataBytes(), subtree.znodes(), Values.path(subtree.path())));
        }
    }

    private static String place(long zxid) {
        return Values.hex(zxid) + " (epoch " + Zxid.epoch(zxid) + ", counter " + Zxid.counter(zxid) + ")";
    }

    private static void write(JsonGenerator fields, Path where, Surveyed seen) throws IOException {
        Survey survey = seen.survey();
        Summary summary = seen.summary();
        fields.writeStringField("file", where.toString());
        if (seen.zxid() >= 0) JsonLines.hex(fields, "zxid", seen.zxid());
        if (summary.reachesZxid() > 0) JsonLines.hex(fields, "reachesZxid", summary.reachesZxid());
        fields.writeNumberField("fileBytes", Files.size(where));
        fields.writeNumberField("uncompressedBytes", summary.bytes());
        fields.writeNumberField("znodes", survey.znodes());
        fields.writeNumberField("ephemerals", survey.ephemerals());
        fields.writeNumberField("containers", survey.containers());
        fields.writeNumberField("ttls", survey.ttls());
        fields.writeNumberField("sessions", survey.sessions());
        fields.writeNumberField("aclLists", summary.aclLists());
        fields.writeNumberField("danglingAcls", summary.danglingAcls());
        fields.writeNumberField("dataBytes", survey.dataBytes());
        fields.writeStringField("digest", Long.toString(survey.digest()));
        Optional<DigestAudit.Entry> recorded = summary.digest();
        if (recorded.isPresent()) {
            fields.writeStringField(
                    "recordedDigest", Long.toString(recorded.get().digest()));
            JsonLines.hex(fields, "recordedDigestZxid", recorded.get().zxid());
        }
        fields.writeArrayFieldStart("largest");
        for (Subtree subtree : survey.largest()) {
            fields.writeStartObject();
            fields.writeStringField("path", subtree.path());
            fields.writeNumberField("znodes", subtree.znodes());
            fields.writeNumberField("dataBytes", subtree.dataBytes());
            fields.writeEndObject();
        }
        fields.writeEndArray();
    }
}
