package dev.paddock.cli.files;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.paddock.node.log.DataFiles;
import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.log.SnapshotFile;
import dev.paddock.node.tree.Owner;
import dev.paddock.node.tree.SnapshotContent;
import dev.paddock.node.tree.Znode;
import dev.paddock.wire.Acl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code paddock snapshot export}: all that a snapshot holds, as JSON. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Print all that a snapshot holds as JSON: one line for each session, then one for each znode.",
        footer = {
            "",
            "Of a folder, the newest snapshot. A znode comes before its children. Zxids and session ids are strings like",
            "\"0x100000002\"; times are milliseconds since 1970. Data is in base64 (\"data\"), or with --text as a string",
            "(\"text\") where it is UTF-8. cversion counts creates only, as the file has it; clients are shown twice that, less",
            "the children there are. If the file proves to be damaged, the exit code is 1 and what was printed is not all.",
            "",
            "Examples:",
            "  paddock snapshot export /var/lib/zookeeper | jq -r 'select(.path) | .path'",
            "  paddock snapshot export --text version-2/snapshot.5 | jq -c 'select(.path == \"/app/config\") | .text'"
        })
final class SnapshotExportCommand implements Callable<Integer> {
    /** What can be printed. */
    enum Format {
        JSON
    }

    /** Formats by the names that they have here. */
    private static final class FormatName implements ITypeConverter<Format> {
        @Override
        public Format convert(String name) {
            if (name.equals("json")) return Format.JSON;
            throw new TypeConversionException("it is json, not '" + name + "'");
        }
    }

    @Parameters(paramLabel = "FILE|FOLDER", description = "A snapshot, or a folder of them.")
    private Path path = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "json",
            defaultValue = "json",
            converter = FormatName.class,
            description = "json, which is the only one yet.")
    private Format format = Format.JSON;

    @Option(names = "--text", description = "Data as text, where it is UTF-8.")
    private boolean text;

    @Spec
    private CommandSpec spec;

    SnapshotExportCommand() {}

    @Override
    public Integer call() {
        return Offline.run(() -> switch (format) {
            case JSON -> exportJson();
        });
    }

    private int exportJson() throws IOException {
        DataFiles files = Offline.snapshots(path);
        Named file = Offline.newest(files);
        try (JsonLines out = new JsonLines(spec.commandLine().getOut());
                Meter meter = Meter.printing(spec.commandLine().getErr())) {
            var _ = new SnapshotFile(files.folder(), file.name())
                    .scan(new Export(out, text), bytes -> meter.reading(file.name(), bytes));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return 0;
    }

    private record Export(JsonLines out, boolean text) implements SnapshotContent {
        @Override
        public Export session(long sessionId, int timeoutMillis) {
            print(fields -> {
                JsonLines.hex(fields, "session", sessionId);
                fields.writeNumberField("timeoutMillis", timeoutMillis);
            });
            return this;
        }

        @Override
        public Export znode(byte[] buf, int from, int to, byte @Nullable [] data, List<Acl> acl, Znode.Stored stored) {
            String path = from == to ? "/" : new String(buf, from, to - from, StandardCharsets.UTF_8);
            print(fields -> {
                fields.writeStringField("path", path);
                JsonLines.data(fields, data, text);
                JsonLines.acl(fields, acl);
                write(fields, stored);
            });
            return this;
        }

        private void print(JsonLines.Fields fields) {
            try {
                out.object(fields);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void write(JsonGenerator fields, Znode.Stored stored) throws IOException {
            JsonLines.hex(fields, "czxid", stored.czxid());
            JsonLines.hex(fields, "mzxid", stored.mzxid());
            JsonLines.hex(fields, "pzxid", stored.pzxid());
            fields.writeNumberField("ctime", stored.ctime());
            fields.writeNumberField("mtime", stored.mtime());
            fields.writeNumberField("version", stored.version());
            fields.writeNumberField("cversion", stored.cversion());
            fields.writeNumberField("aversion", stored.aversion());
            Owner owner = Owner.of(stored.ephemeralOwner(), Offline.RULES);
            fields.writeStringField("kind", kind(owner));
            if (owner == Owner.SESSION) JsonLines.hex(fields, "ephemeralOwner", stored.ephemeralOwner());
            if (owner == Owner.TTL) fields.writeNumberField("ttlMillis", Owner.ttlMillis(stored.ephemeralOwner()));
        }

        private static String kind(Owner owner) {
            return switch (owner) {
                case NONE -> "persistent";
                case SESSION -> "ephemeral";
                case CONTAINER -> "container";
                case TTL -> "ttl";
            };
        }
    }
}
