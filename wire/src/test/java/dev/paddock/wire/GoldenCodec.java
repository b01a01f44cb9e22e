package dev.paddock.wire;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** How to decode and encode a kind of golden vector, and which of its beginnings are whole records too. */
record GoldenCodec(
        Function<byte[], Object> decoder, Function<Object, byte[]> encoder, Function<byte[], Set<Integer>> cuts) {
    /** All that a client of Apache's can send. check and createSession never come alone, and reconfig, sync and such are here too. */
    static final int[] REQUEST_TYPES = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 100, 101, 102, 103, 104, 105, 106, 107,
        -11
    };

    static final int[] TXN_TYPES = {1, 2, 5, 7, 14, 15, 16, 19, 20, 21, -1, -10, -11};

    private static final int DIGEST_BYTES = 12;

    Object decode(byte[] bytes) {
        return decoder.apply(bytes);
    }

    byte[] encode(Object value) {
        return encoder.apply(value);
    }

    Set<Integer> legalCuts(byte[] bytes) {
        return cuts.apply(bytes);
    }

    private record Framed<H, B>(H header, B body) {}

    static GoldenCodec of(String kind) {
        List<String> words = Arrays.asList(kind.split(" ", -1));
        String detail = words.size() > 1 ? words.get(1) : "";
        return switch (words.getFirst()) {
            case "connectRequest" -> records(ConnectRequest::read, ConnectRequest::write, b -> Set.of(b.length - 1));
            case "connectResponse" -> records(ConnectResponse::read, ConnectResponse::write, b -> Set.of(b.length - 1));
            case "request" -> records(GoldenCodec::readRequest, GoldenCodec::writeRequest, GoldenCodec::none);
            case "reply" -> records(r -> readReply(detail, r), GoldenCodec::writeReply, GoldenCodec::none);
            case "error" -> records(ReplyHeader::read, ReplyHeader::write, GoldenCodec::none);
            case "event" -> records(GoldenCodec::readEvent, GoldenCodec::writeEvent, GoldenCodec::none);
            case "packet" -> records(QuorumPacket::read, QuorumPacket::write, GoldenCodec::none);
            case "hello" -> records(Hello::read, Hello::write, GoldenCodec::none);
            case "txn" -> of(TxnRecord::parse, TxnRecord::toBytes, b -> txnCuts(detail, b));
            case "notification" -> of(Notification::parse, Notification::toBytes, b -> Set.of(28, 40));
            case "forwarded" -> of(ForwardedRequest::parse, ForwardedRequest::toBytes, b -> from(16, b.length));
            case "activation" -> of(Activation::parse, Activation::toBytes, b -> from(8, b.length));
            case "touches" ->
                of(
                        b -> new Touches(SessionTouch.parse(b)),
                        t -> SessionTouch.toBytes(t.touches),
                        GoldenCodec::touchCuts);
            case "revalidate" -> of(Revalidate::parse, Revalidate::toBytes, GoldenCodec::none);
            case "revalidated" -> of(Revalidated::parse, Revalidated::toBytes, GoldenCodec::none);
            case "learnerInfo" -> of(LearnerInfo::parse, LearnerInfo::toBytes, GoldenCodec::none);
            case "leaderInfo" -> of(LeaderInfo::parse, LeaderInfo::toBytes, GoldenCodec::none);
            case "ackEpoch" -> of(AckEpoch::parse, AckEpoch::toBytes, GoldenCodec::none);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private record Touches(List<SessionTouch> touches) {}

    @SuppressWarnings("unchecked") // what the decoder made goes to the encoder beside it
    private static <T> GoldenCodec of(
            Function<byte[], T> decoder, Function<T, byte[]> encoder, Function<byte[], Set<Integer>> cuts) {
        return new GoldenCodec(decoder::apply, value -> encoder.apply((T) value), cuts);
    }

    private static <T> GoldenCodec records(
            Function<Reader, T> read, BiConsumer<T, Writer> write, Function<byte[], Set<Integer>> cuts) {
        Function<byte[], T> decoder = bytes -> {
            var r = new Reader(bytes);
            T value = read.apply(r);
            r.requireEnd();
            return value;
        };
        Function<T, byte[]> encoder = value -> {
            var w = new Writer(16);
            write.accept(value, w);
            return w.toByteArray();
        };
        return of(decoder, encoder, cuts);
    }

    private static Framed<RequestHeader, Request> readRequest(Reader r) {
        RequestHeader header = RequestHeader.read(r);
        return new Framed<>(header, Request.read(header.type(), r));
    }

    private static void writeRequest(Framed<RequestHeader, Request> framed, Writer w) {
        new RequestHeader(framed.header.xid(), framed.body.opCode()).write(w);
        framed.body.write(w);
    }

    private static Framed<ReplyHeader, Response> readReply(String operation, Reader r) {
        ReplyHeader header = ReplyHeader.read(r);
        return new Framed<>(header, Response.read(type(operation), r));
    }

    private static void writeReply(Framed<ReplyHeader, Response> framed, Writer w) {
        framed.header.write(w);
        framed.body.write(w);
    }

    private static Framed<ReplyHeader, WatcherEvent> readEvent(Reader r) {
        return new Framed<>(ReplyHeader.read(r), WatcherEvent.read(r));
    }

    private static void writeEvent(Framed<ReplyHeader, WatcherEvent> framed, Writer w) {
        framed.header.write(w);
        framed.body.write(w);
    }

    private static int type(String operation) {
        return IntStream.rangeClosed(-11, 107)
                .filter(type -> OpCode.name(type).toLowerCase(Locale.ROOT).equals(operation.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(operation));
    }

    private static Set<Integer> none(byte[] bytes) {
        return Set.of();
    }

    private static Set<Integer> from(int first, int end) {
        Set<Integer> cuts = new TreeSet<>();
        IntStream.range(first, end).forEach(cuts::add);
        return cuts;
    }

    /** A transaction without its digest; a create of ZooKeeper 3.3, without parentCversion; a closeSession before 3.6, without paths. */
    private static Set<Integer> txnCuts(String operation, byte[] bytes) {
        int body = bytes.length - DIGEST_BYTES;
        return switch (operation) {
            case "create" -> Set.of(body, body - 4);
            case "closeSession" -> Set.of(body, 32);
            case "error" -> Set.of(); // Apache gives it no digest
            default -> Set.of(body);
        };
    }

    private static Set<Integer> touchCuts(byte[] bytes) {
        Set<Integer> cuts = new TreeSet<>();
        for (int at = 0; at < bytes.length; at += 12) {
            cuts.add(at);
        }
        return cuts;
    }
}
