package dev.paddock.e2e.differential;

import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.WatcherEvent;
import dev.paddock.wire.WireException;
import java.util.HexFormat;
import java.util.List;

/** Streams and what was heard as text for a human. */
final class Show {
    private static final int HEX_MAX = 200;

    private Show() {}

    static String stream(List<Step> stream) {
        var text = new StringBuilder();
        for (int i = 0; i < stream.size(); i++)
            text.append(i).append(": ").append(step(stream.get(i))).append('\n');
        return text.toString();
    }

    private static String step(Step step) {
        if (!(step instanceof Step.Burst(int slot, List<Ask> asks))) return step.toString();
        var text = new StringBuilder("slot " + slot + " sends");
        for (Ask ask : asks) text.append("\n     ").append(ask);
        return text.toString();
    }

    static String request(Ask ask) {
        String name = OpCode.name(ask.type()) + " xid " + ask.xid() + " ";
        try {
            var in = new Reader(ask.body());
            Request request = Request.read(ask.type(), in);
            String text = printable(request.toString());
            return name + text + (in.remaining() > 0 ? " and " + in.remaining() + " bytes" : "");
        } catch (WireException e) {
            return name + hex(ask.body()) + " (" + e.getMessage() + ")";
        }
    }

    static String frame(Frame f) {
        return switch (f.kind()) {
            case CLOSED -> "closed";
            case SILENCE -> "silence";
            case HELLO -> "hello " + hex(f.body());
            case EVENT ->
                "event zxid " + zxid(f.zxid()) + " " + event(f.body()) + (f.err() == 0 ? "" : " err " + f.err());
            case REPLY -> "reply xid " + f.xid() + " zxid " + zxid(f.zxid()) + " " + error(f.err()) + " " + reply(f);
        };
    }

    private static String zxid(long zxid) {
        return zxid == Masks.OLD ? "old" : Long.toString(zxid);
    }

    private static String error(int err) {
        try {
            return ErrorCode.of(err).toString();
        } catch (WireException e) {
            return "err " + err;
        }
    }

    private static String event(byte[] body) {
        try {
            return printable(WatcherEvent.read(new Reader(body)).toString());
        } catch (WireException e) {
            return hex(body);
        }
    }

    private static String reply(Frame f) {
        Ask ask = f.ask();
        if (ask == null || f.body().length == 0) return f.body().length == 0 ? "" : hex(f.body());
        try {
            var in = new Reader(f.body());
            Response response = Response.read(ask.type(), in);
            return printable(response.toString()) + (in.remaining() > 0 ? " and " + in.remaining() + " bytes" : "")
                    + " to " + OpCode.name(ask.type());
        } catch (WireException e) {
            return hex(f.body()) + " to " + OpCode.name(ask.type());
        }
    }

    private static String hex(byte[] bytes) {
        String hex = HexFormat.of().formatHex(bytes);
        return hex.length() <= HEX_MAX ? hex : hex.substring(0, HEX_MAX) + "… of " + bytes.length + " bytes";
    }

    private static String printable(String text) {
        var shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c >= 0x20 && c < 0x7f) shown.appendCodePoint(c);
            else shown.append(String.format("\\u%04x", c));
        });
        return shown.toString();
    }
}
