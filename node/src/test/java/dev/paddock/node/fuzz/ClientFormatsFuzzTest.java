package dev.paddock.node.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.Response;
import dev.paddock.wire.WatcherEvent;
import dev.paddock.wire.Writer;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients send servers and servers send clients. */
class ClientFormatsFuzzTest {
    private record Asked(RequestHeader header, Request body) {}

    /** The type of the request, which no answer says, comes before the answer here. */
    private record Answered(int requestType, ReplyHeader header, Response body) {}

    private record Fired(ReplyHeader header, WatcherEvent body) {}

    private static final List<Codec<?>> CODECS = List.of(
            Codec.of("connectRequest", ConnectRequest::read, ConnectRequest::write),
            Codec.of("connectResponse", ConnectResponse::read, ConnectResponse::write),
            Codec.of("request", ClientFormatsFuzzTest::asked, ClientFormatsFuzzTest::write),
            Codec.of("reply", ClientFormatsFuzzTest::answered, ClientFormatsFuzzTest::write),
            Codec.of("error", ReplyHeader::read, ReplyHeader::write),
            Codec.of("event", ClientFormatsFuzzTest::fired, ClientFormatsFuzzTest::write));

    static Stream<Arguments> seeds() {
        return Golden.vectors("client").map(vector -> {
            int form = Codec.index(CODECS, vector.form());
            if (!vector.form().equals("reply")) return vector.with(form);
            int type = type(vector.kind().split(" ", -1)[1]);
            return vector.with(form, type >> 24, type >> 16, type >> 8, type);
        });
    }

    @MethodSource("seeds")
    @FuzzTest
    void decodes(byte[] input) {
        Codec.decode(CODECS, input);
    }

    private static int type(String operation) {
        return IntStream.rangeClosed(-11, 107)
                .filter(type -> OpCode.name(type).toLowerCase(Locale.ROOT).equals(operation.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow();
    }

    private static Asked asked(Reader r) {
        RequestHeader header = RequestHeader.read(r);
        return new Asked(header, Request.read(header.type(), r));
    }

    private static void write(Asked asked, Writer w) {
        asked.header.write(w);
        asked.body.write(w);
    }

    private static Answered answered(Reader r) {
        int type = r.readInt();
        return new Answered(type, ReplyHeader.read(r), Response.read(type, r));
    }

    private static void write(Answered answered, Writer w) {
        w.writeInt(answered.requestType);
        answered.header.write(w);
        answered.body.write(w);
    }

    private static Fired fired(Reader r) {
        return new Fired(ReplyHeader.read(r), WatcherEvent.read(r));
    }

    private static void write(Fired fired, Writer w) {
        fired.header.write(w);
        fired.body.write(w);
    }
}
