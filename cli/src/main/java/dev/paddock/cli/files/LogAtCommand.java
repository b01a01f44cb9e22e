package dev.paddock.cli.files;

import dev.paddock.cli.CommandFailed;
import dev.paddock.node.log.DataFiles;
import dev.paddock.node.log.LogReader;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paddock log at}: one transaction, with everything it says. */
@Command(
        name = "at",
        mixinStandardHelpOptions = true,
        description = "Print one transaction with everything it says, and in which file at which offset it lies.",
        footer = {
            "",
            "A znode's czxid and mzxid (`paddock shell stat PATH`) name the transactions that made it and that last set it.",
            "Data is printed as text where it is some that fits a line, else in base64.",
            "",
            "Examples:",
            "  paddock log at 0x100000002 /var/lib/zookeeper",
            "  paddock log at 0x100000002 version-2/log.1 --json"
        })
final class LogAtCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "ZXID", converter = ZxidText.class, description = "Like 0x100000002.")
    private Long zxid = 0L;

    @Parameters(index = "1", paramLabel = "FILE|FOLDER", description = "A log, or a folder of them.")
    private Path path = Path.of("");

    @Option(names = "--json", description = "Print one line of JSON, data in base64.")
    private boolean json;

    @Option(names = "--text", description = "With --json: data as text, where it is UTF-8.")
    private boolean text;

    @Spec
    private CommandSpec spec;

    LogAtCommand() {}

    @Override
    public Integer call() {
        return Offline.run(() -> {
            DataFiles files = Offline.logs(path);
            try (LogReader reader = files.log(zxid, zxid)) {
                if (!reader.advance()) throw new CommandFailed(absent(files));
                print(reader, files);
            }
            return 0;
        });
    }

    private void print(LogReader reader, DataFiles files) throws IOException {
        TxnRecord record = reader.txn();
        String file = files.folder().path(reader.file()).toString();
        int bytes = reader.record().payload().length;
        if (json) {
            try (JsonLines out = new JsonLines(spec.commandLine().getOut())) {
                out.object(fields -> {
                    fields.writeStringField("file", file);
                    fields.writeNumberField("offset", reader.offset());
                    fields.writeNumberField("bytes", bytes);
                    new TxnJson(fields, true, text).record(record);
                });
            }
            return;
        }
        try (Lines out = new Lines(spec.commandLine().getOut())) {
            out.print("file        " + Values.path(file));
            out.print("offset      " + reader.offset());
            out.print("length      " + Values.bytes(bytes));
            TxnText.details(record, out);
        }
    }

    private String absent(DataFiles files) throws IOException {
        long first = files.firstLogged();
        String has = zxid < first
                ? "it begins with " + Values.hex(first) + "; what was before is in snapshots only"
                : "perhaps it ends before that, or the zxid was never used; `paddock log verify` tells what there is";
        return "the log in " + path + " has no transaction " + Values.hex(zxid) + ": " + has;
    }
}
