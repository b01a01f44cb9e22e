package dev.paddock.cli.files;

import dev.paddock.node.log.DataFiles;
import dev.paddock.node.log.LogGapException;
import dev.paddock.node.log.LogReader;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paddock log dump}: every transaction on a line. */
@Command(
        name = "dump",
        mixinStandardHelpOptions = true,
        description = "Print one line for each transaction: time, session, cxid, zxid, type, path and sizes.",
        footer = {
            "",
            "It stops at the first record that is not as it was written, with exit code 1: `paddock log verify` tells more.",
            "Where records are missing it goes on, and says so on standard error.",
            "What a crash left at the very end is passed over, as by a server that starts.",
            "",
            "Examples:",
            "  paddock log dump /var/lib/zookeeper --from 0x100000000",
            "  paddock log dump version-2/log.1 --json | jq -c 'select(.path == \"/app\")'"
        })
final class LogDumpCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE|FOLDER", description = "A log, or a folder of them.")
    private Path path = Path.of("");

    @Option(names = "--from", paramLabel = "ZXID", converter = ZxidText.class, description = "The first one wanted.")
    private Long from = 0L;

    @Option(names = "--to", paramLabel = "ZXID", converter = ZxidText.class, description = "The last one wanted.")
    private Long to = Long.MAX_VALUE;

    @Option(names = "--json", description = "Print JSON: one object a line.")
    private boolean json;

    @Option(names = "--data", description = "With --json: the data too, in base64.")
    private boolean data;

    @Spec
    private CommandSpec spec;

    LogDumpCommand() {}

    @Override
    public Integer call() {
        return Offline.run(() -> {
            DataFiles files = Offline.logs(path);
            try (Meter meter = Meter.printing(spec.commandLine().getErr())) {
                long next = Math.max(from, files.firstLogged());
                while (next > 0) next = print(files, next, meter);
            }
            return 0;
        });
    }

    /** Prints what there is from a zxid on, and says behind which gap it goes on; 0 at the end. */
    private long print(DataFiles files, long first, Meter meter) throws IOException {
        try (LogReader reader = files.log(first, to)) {
            if (json) printJson(reader, meter);
            else printLines(reader, meter);
            return 0;
        } catch (LogGapException gap) { // `log verify` tells whether a snapshot holds what is missing
            PrintWriter err = spec.commandLine().getErr();
            err.println("paddock: after " + Values.hex(gap.before()) + " the log has " + Values.hex(gap.next())
                    + ", in " + gap.file() + " at offset " + gap.offset());
            return gap.next();
        }
    }

    private void printLines(LogReader reader, Meter meter) throws IOException {
        try (Lines out = new Lines(spec.commandLine().getOut())) {
            for (long records = 1; reader.advance(); records++) {
                out.print(TxnText.line(reader.txn()));
                meter.record(records, reader.file());
            }
        }
    }

    private void printJson(LogReader reader, Meter meter) throws IOException {
        try (JsonLines out = new JsonLines(spec.commandLine().getOut())) {
            for (long records = 1; reader.advance(); records++) {
                TxnRecord record = reader.txn();
                int bytes = reader.record().payload().length;
                out.object(fields -> {
                    fields.writeStringField("file", reader.file());
                    fields.writeNumberField("offset", reader.offset());
                    fields.writeNumberField("bytes", bytes);
                    new TxnJson(fields, data, false).record(record);
                });
                meter.record(records, reader.file());
            }
        }
    }
}
