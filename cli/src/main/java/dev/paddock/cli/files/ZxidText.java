package dev.paddock.cli.files;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A zxid as everything else prints it, so that nobody's decimal is taken for hexadecimal. */
final class ZxidText implements ITypeConverter<Long> {
    private static final int DIGITS_MAX = 16;

    ZxidText() {}

    @Override
    public Long convert(String text) {
        if (!isZxid(text)) throw new TypeConversionException("a zxid is like 0x100000002, not '" + text + "'");
        return parse(text);
    }

    static boolean isZxid(String text) {
        int digits = text.length() - 2;
        return text.startsWith("0x")
                && digits > 0
                && digits <= DIGITS_MAX
                && text.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
    }

    static long parse(String text) {
        return Long.parseUnsignedLong(text, 2, text.length(), 16);
    }
}
