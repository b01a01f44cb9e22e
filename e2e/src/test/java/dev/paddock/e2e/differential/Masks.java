package dev.paddock.e2e.differential;

import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Takes out of replies what two servers cannot have alike, and puts in order what has no order. */
final class Masks {
    /** Stands for a zxid from before the stream. */
    static final long OLD = Long.MIN_VALUE;

    private static final int STAT_BYTES = 68;
    private static final Pattern RANDOM = Pattern.compile("(nonce=\"|rspauth=)[^\",]*");

    private final Ensemble ensemble;
    private final List<Long> sessions; // by number, all of this stream
    private final long base;

    Masks(Ensemble ensemble, List<Long> sessions, long base) {
        this.ensemble = ensemble;
        this.sessions = sessions;
        this.base = base;
    }

    long base() {
        return base;
    }

    long zxid(long zxid) {
        return zxid == 0 || zxid == -1 ? zxid : zxid > base ? zxid - base : OLD;
    }

    /** Number of a session plus one; what is none of this stream stays. */
    long session(long id) {
        int number = sessions.indexOf(id);
        return number < 0 ? id : number + 1;
    }

    /** The body of a reply. One that is not as it should be stays as it is. */
    byte[] body(int type, byte[] body) {
        var out = new Writer(body.length);
        var in = new Reader(body);
        try {
            masked(type, in, out);
        } catch (WireException e) {
            return body;
        }
        byte[] rest = in.readRest(); // which there should not be
        out.raw(rest, 0, rest.length);
        return out.toByteArray();
    }

    private void masked(int type, Reader in, Writer out) {
        switch (type) {
            case OpCode.CREATE2, OpCode.CREATE_TTL, OpCode.CREATE_CONTAINER -> {
                out.writeBuffer(in.readBuffer());
                stat(in, out);
            }
            case OpCode.EXISTS, OpCode.SET_DATA, OpCode.SET_ACL, OpCode.CHECK -> stat(in, out);
            case OpCode.GET_DATA, OpCode.RECONFIG -> data(in, out);
            case OpCode.GET_ACL -> {
                acl(in, out);
                stat(in, out);
            }
            case OpCode.GET_CHILDREN, OpCode.GET_EPHEMERALS -> names(in, out);
            case OpCode.GET_CHILDREN2 -> {
                names(in, out);
                stat(in, out);
            }
            case OpCode.WHO_AM_I -> pairs(in, out);
            case OpCode.SASL -> token(in, out);
            case OpCode.MULTI, OpCode.MULTI_READ -> results(in, out);
            default -> {}
        }
    }

    private void results(Reader in, Writer out) {
        while (true) {
            int type = in.readInt();
            boolean end = in.readBool();
            out.writeInt(type);
            out.writeBool(end);
            out.writeInt(in.readInt());
            if (end) return;
            switch (type) {
                case OpCode.CREATE -> out.writeBuffer(in.readBuffer());
                case OpCode.ERROR -> out.writeInt(in.readInt());
                case OpCode.CHECK -> {} // in a multi it has no body
                default -> masked(type, in, out);
            }
        }
    }

    private void data(Reader in, Writer out) {
        byte[] data = in.readBuffer();
        boolean tellsMembers = data != null && new String(data, StandardCharsets.ISO_8859_1).startsWith("server.");
        out.writeBuffer(tellsMembers ? ensemble.withoutPorts(data) : data);
        stat(in, out);
    }

    private void stat(Reader in, Writer out) {
        if (in.remaining() < STAT_BYTES) throw new WireException("stat: cut");
        out.writeLong(zxid(in.readLong()));
        out.writeLong(zxid(in.readLong()));
        time(in, out);
        time(in, out);
        for (int i = 0; i < 3; i++) out.writeInt(in.readInt());
        out.writeLong(session(in.readLong()));
        out.writeInt(in.readInt());
        out.writeInt(in.readInt());
        out.writeLong(zxid(in.readLong()));
    }

    /** Without what is random in it, and what follows from that. */
    private static void token(Reader in, Writer out) {
        byte[] token = in.readBuffer();
        String text = token == null ? null : new String(token, StandardCharsets.ISO_8859_1);
        String masked = text == null ? null : RANDOM.matcher(text).replaceAll("$1#");
        out.writeBuffer(masked == null ? null : masked.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Whether there is one. */
    private static void time(Reader in, Writer out) {
        out.writeLong(in.readLong() == 0 ? 0 : 1);
    }

    private static void names(Reader in, Writer out) {
        sorted(in, out, 4, r -> {
            var one = new Writer(32);
            one.writeBuffer(r.readBuffer());
            return one.toByteArray();
        });
    }

    private static void pairs(Reader in, Writer out) {
        sorted(in, out, 8, r -> {
            var one = new Writer(32);
            one.writeBuffer(r.readBuffer());
            one.writeBuffer(r.readBuffer());
            return one.toByteArray();
        });
    }

    /** In the order told: what {@code auth} stands for has none, but streams prove one identity of the kind only. */
    private static void acl(Reader in, Writer out) {
        int count = in.readCount(12);
        out.writeInt(count);
        for (int i = 0; i < count; i++) {
            out.writeInt(in.readInt());
            out.writeBuffer(in.readBuffer());
            out.writeBuffer(in.readBuffer());
        }
    }

    private interface Element {
        byte[] read(Reader in);
    }

    private static void sorted(Reader in, Writer out, int bytesMin, Element element) {
        int count = in.readCount(bytesMin);
        List<byte[]> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) elements.add(element.read(in));
        elements.sort(Comparator.comparing(Arrays::toString));
        out.writeInt(count);
        for (byte[] each : elements) out.raw(each, 0, each.length);
    }
}
