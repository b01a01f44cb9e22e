package dev.paddock.sidecar.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The target of a request, decoded once. Whatever could be read in two ways is refused, never normalised: encoded or doubled
 * slashes, dot segments, path parameters, backslashes, control characters, a second layer of encoding, characters that turn
 * into one of these under compatibility normalisation.
 *
 * @param segments the path's segments, none empty
 * @param query    parameters in order, no name twice
 */
public record Target(List<String> segments, Map<String, String> query) {
    private static final int LENGTH_MAX = 3072;
    private static final String RAW_REFUSED = "\\;\"<>^`{|}#";

    /**
     * Reads an origin-form target, as {@code /v1/locks/a?wait=5s}.
     *
     * @throws Refused with 400 or 414
     */
    public static Target parse(String raw) {
        if (raw.length() > LENGTH_MAX)
            throw new Refused(Problem.mistake(414, "target-too-long", "at most " + LENGTH_MAX + " characters"));
        if (!raw.startsWith("/")) throw bad("the target must start with /");
        int mark = raw.indexOf('?');
        String path = mark < 0 ? raw : raw.substring(0, mark);
        return new Target(segments(path), mark < 0 ? Map.of() : query(raw.substring(mark + 1)));
    }

    private static List<String> segments(String path) {
        var segments = new ArrayList<String>();
        if (path.equals("/")) return segments;
        for (String raw : path.substring(1).split("/", -1)) {
            String segment = decode(raw, false);
            if (segment.isEmpty()) throw bad("the path has an empty segment");
            if (segment.equals(".") || segment.equals("..")) throw bad("the path has a dot segment");
            segments.add(segment);
        }
        return List.copyOf(segments);
    }

    private static Map<String, String> query(String raw) {
        var query = new LinkedHashMap<String, String>();
        if (raw.isEmpty()) return query;
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
            if (name.isEmpty()) throw bad("a query parameter has no name");
            if (query.put(name, value) != null) throw bad("query parameter " + name + " is given twice");
        }
        return query;
    }

    private static String decode(String raw, boolean query) {
        byte[] bytes = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c <= ' ' || c >= 0x7f || RAW_REFUSED.indexOf(c) >= 0)
                throw bad("the target has a raw character it may not");
            if (c == '%') {
                bytes[length++] = (byte) (hex(raw, i + 1) << 4 | hex(raw, i + 2));
                i += 2;
            } else {
                bytes[length++] = (byte) (query && c == '+' ? ' ' : c);
            }
        }
        String text = utf8(bytes, length);
        checkDecoded(text, query);
        return text;
    }

    private static int hex(String raw, int at) {
        int digit = at < raw.length() ? Character.digit(raw.charAt(at), 16) : -1;
        if (digit < 0) throw bad("the target has a broken % sequence");
        return digit;
    }

    private static String utf8(byte[] bytes, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw bad("the target is not UTF-8");
        }
    }

    private static void checkDecoded(String text, boolean query) {
        if (text.codePoints().anyMatch(c -> c < ' ' || (c >= 0x7f && c < 0xa0)))
            throw bad("the target has a control character");
        if (query) return;
        String normal = Normalizer.normalize(text, Normalizer.Form.NFKC);
        for (String refused : List.of("/", "\\", "%", ";")) {
            if (normal.contains(refused)) throw bad("the path hides a " + refused);
        }
        if (normal.equals(".") || normal.equals("..")) throw bad("the path has a dot segment");
    }

    private static Refused bad(String detail) {
        return new Refused(Problem.mistake(400, "bad-target", detail));
    }
}
