package dev.paddock.node.fuzz;

import dev.paddock.wire.Reader;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A format of the wire, both ways. In an input, a byte says which of a target's formats is meant. */
record Codec<T>(String form, Function<byte[], T> decoder, Function<T, byte[]> encoder) {
    private static final int PER_BYTE = 64; // an element of a list takes four bytes on the wire

    static <T> Codec<T> of(String form, Function<Reader, T> read, BiConsumer<T, Writer> write) {
        return new Codec<>(
                form,
                bytes -> {
                    var r = new Reader(bytes);
                    T value = read.apply(r);
                    r.requireEnd();
                    return value;
                },
                value -> {
                    var w = new Writer(16);
                    write.accept(value, w);
                    return w.toByteArray();
                });
    }

    /** Decodes an input by the one of these that its first byte means. */
    static void decode(List<Codec<?>> codecs, byte[] input) {
        if (input.length == 0) return;
        codecs.get(Math.floorMod(input[0], codecs.size())).decode(Arrays.copyOfRange(input, 1, input.length));
    }

    /** The number of the one of a form. */
    static int index(List<Codec<?>> codecs, String form) {
        for (int i = 0; i < codecs.size(); i++) if (codecs.get(i).form.equals(form)) return i;
        throw new IllegalArgumentException(form);
    }

    private void decode(byte[] bytes) {
        Hostile.decoded(bytes.length, PER_BYTE, () -> decoder.apply(bytes), WireException.class)
                .ifPresent(value -> Hostile.comesBack(value, encoder, decoder));
    }
}
