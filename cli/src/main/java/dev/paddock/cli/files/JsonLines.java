package dev.paddock.cli.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.paddock.cli.CommandFailed;
import dev.paddock.wire.Acl;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prints one JSON object a line, in ASCII, so that no setting of the terminal can spoil it. Zxids and session ids are strings
 * like {@code "0x100000002"}, for they need not fit a double. Owned by one thread.
 */
final class JsonLines implements AutoCloseable {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
    private static final int CHECK_EVERY = 1 << 10;

    private final PrintWriter out;
    private final JsonGenerator json;
    private int printed;

    JsonLines(PrintWriter out) throws IOException {
        this.out = out;
        this.json = FACTORY.createGenerator(out);
        json.setPrettyPrinter(new MinimalPrettyPrinter(""));
    }

    /** Writes the fields of one. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    void object(Fields fields) throws IOException {
        json.writeStartObject();
        fields.write(json);
        json.writeEndObject();
        json.writeRaw(System.lineSeparator());
        if (++printed % CHECK_EVERY == 0) {
            json.flush();
            if (out.checkError()) throw new CommandFailed("nobody reads the output any more");
        }
    }

    @Override
    public void close() throws IOException {
        json.close();
        out.flush();
    }

    static void hex(JsonGenerator json, String field, long value) throws IOException {
        json.writeStringField(field, Values.hex(value));
    }

    /** Data in base64; or, where that is wanted, as {@code text} if it is some. */
    static void data(JsonGenerator json, byte @Nullable [] data, boolean asText) throws IOException {
        if (data == null) {
            json.writeNullField("data");
            return;
        }
        Optional<String> text = asText ? Values.text(data) : Optional.empty();
        if (text.isPresent()) json.writeStringField("text", text.get());
        else json.writeBinaryField("data", data);
    }

    static void acl(JsonGenerator json, @Nullable List<Acl> acl) throws IOException {
        json.writeArrayFieldStart("acl");
        for (Acl entry : acl == null ? Acl.OPEN_UNSAFE : acl) {
            json.writeStartObject();
            json.writeStringField("scheme", entry.id().scheme());
            json.writeStringField("id", entry.id().id());
            json.writeStringField("perms", Values.perms(entry.perms()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
