package dev.paddock.cli.files;

import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Perms;
import dev.paddock.wire.WireException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How paths, data and ACLs are shown, on one line each. */
final class Values {
    private Values() {}

    /** Eight bytes as the log shows them. */
    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    /** A path without anything that would break a line or a terminal. */
    static String path(String path) {
        if (path.isEmpty()) return "/";
        return path.codePoints().noneMatch(Character::isISOControl) ? path : escaped(path);
    }

    private static String escaped(String text) {
        var shown = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) shown.append("\\u%04x".formatted(c));
            else shown.appendCodePoint(c);
        });
        return shown.toString();
    }

    /** The text that bytes are in UTF-8, if they are any. */
    static Optional<String> text(byte[] data) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(data))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Data whole: text where it is some that fits a line, else base64. */
    static String data(byte @Nullable [] data) {
        if (data == null) return "null";
        Optional<String> text = text(data).filter(t -> t.codePoints().noneMatch(Character::isISOControl));
        String shown = text.map(t -> "\"" + t + "\"")
                .orElseGet(() -> "base64 " + Base64.getEncoder().encodeToString(data));
        return bytes(data.length) + (data.length == 0 ? "" : " " + shown);
    }

    /** How long data is. */
    static String size(byte @Nullable [] data) {
        return data == null ? "null" : bytes(data.length);
    }

    static String bytes(long count) {
        return count(count, "byte");
    }

    static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /** A list as {@code setAcl} takes it; null is the open list. */
    static String acl(@Nullable List<Acl> acl) {
        List<Acl> entries = acl == null ? Acl.OPEN_UNSAFE : acl;
        return entries.stream()
                .map(entry -> path(entry.id().scheme()) + ":" + path(entry.id().id()) + ":" + perms(entry.perms()))
                .collect(Collectors.joining(","));
    }

    /** The name of an error. */
    static String error(int code) {
        try {
            return ErrorCode.of(code).toString();
        } catch (WireException e) {
            return "of no name"; // whatever some server has put there
        }
    }

    static String perms(int perms) {
        var letters = new StringBuilder(5);
        if ((perms & Perms.CREATE) != 0) letters.append('c');
        if ((perms & Perms.DELETE) != 0) letters.append('d');
        if ((perms & Perms.READ) != 0) letters.append('r');
        if ((perms & Perms.WRITE) != 0) letters.append('w');
        if ((perms & Perms.ADMIN) != 0) letters.append('a');
        return letters.toString();
    }
}
