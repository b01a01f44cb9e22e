package dev.paddock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReaderTest {
    @Test
    void primitivesComeBack() {
        var w = new Writer(0);
        w.writeInt(-7);
        w.writeLong(Long.MIN_VALUE);
        w.writeBool(true);
        w.writeByte((byte) 200);
        w.writeBuffer(null);
        w.writeBuffer(new byte[0]);
        w.writeString(null);
        w.writeString("");
        w.writeString("/zoo/käfig/🦓");
        var r = new Reader(w.toByteArray());
        assertThat(r.readInt()).isEqualTo(-7);
        assertThat(r.readLong()).isEqualTo(Long.MIN_VALUE);
        assertThat(r.readBool()).isTrue();
        assertThat(r.readByte()).isEqualTo((byte) 200);
        assertThat(r.readBuffer()).isNull();
        assertThat(r.readBuffer()).isEmpty();
        assertThat(r.readString()).isNull();
        assertThat(r.readString()).isEmpty();
        assertThat(r.requireString()).isEqualTo("/zoo/käfig/🦓");
        r.requireEnd();
    }

    @Test
    void aSliceEndsWhereItEnds() {
        byte[] bytes = {9, 0, 0, 0, 1, 9, 9};
        var r = new Reader(bytes, 1, 5);
        assertThat(r.readInt()).isEqualTo(1);
        assertThatThrownBy(r::readByte).isInstanceOf(WireException.class).hasMessage("byte: cut after 0 of 1 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, Integer.MIN_VALUE})
    void aVectorOfLessThanNothingIsEmpty(int count) {
        var w = new Writer(8);
        w.writeInt(count);
        w.writeInt(0);
        byte[] bytes = w.toByteArray();
        assertThat(new Reader(bytes).readCount(1)).isZero();
        assertThat(new Reader(bytes).readStrings("paths")).isEmpty();
        assertThatThrownBy(() -> new Reader(bytes).readBuffer("data")).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> new Reader(bytes).readString()).isInstanceOf(WireException.class);
    }

    @Test
    void aVectorOfStringsMayBeNullAndHaveNulls() {
        var w = new Writer(16);
        w.writeInt(-1);
        w.writeInt(2);
        w.writeInt(-1);
        w.writeString("/a");
        var r = new Reader(w.toByteArray());
        assertThat(r.readNullableStrings("paths")).isNull();
        assertThat(r.readNullableStrings("paths")).containsExactly(null, "/a");
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 1 << 20, Integer.MAX_VALUE})
    void aLengthThatIsNotThereIsRefused(int length) {
        var w = new Writer(8);
        w.writeInt(length);
        w.writeInt(0);
        byte[] bytes = w.toByteArray();
        assertThatThrownBy(() -> new Reader(bytes).readBuffer("data"))
                .isInstanceOf(WireException.class)
                .hasMessageStartingWith("data: ");
        assertThatThrownBy(() -> new Reader(bytes).readString()).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> new Reader(bytes).readCount(1)).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> new Reader(bytes).readStrings("paths")).isInstanceOf(WireException.class);
    }

    @Test
    void nullIsRefusedWhereAStringMustBe() {
        var w = new Writer(4);
        w.writeInt(-1);
        assertThatThrownBy(() -> new Reader(w.toByteArray()).requireString("create.path"))
                .isInstanceOf(WireException.class)
                .hasMessage("create.path: null is not allowed here");
    }

    /** A lone continuation, a cut sequence, overlong forms of '/', half a surrogate pair, a code point past the last, bytes never used. */
    @ParameterizedTest
    @ValueSource(strings = {"80", "61c3", "c0af", "e080af", "eda080", "f4908080", "ff", "616263646566676869c3"})
    void whatIsNotUtf8IsReplaced(String hex) {
        byte[] text = java.util.HexFormat.of().parseHex(hex);
        var w = new Writer(16);
        w.writeBuffer(text);
        assertThat(new Reader(w.toByteArray()).readString("path")).contains("\uFFFD");
    }

    @Test
    void theReplacementCharacterItselfIsLegal() {
        var w = new Writer(16);
        w.writeBuffer("\uFFFD".getBytes(StandardCharsets.UTF_8));
        assertThat(new Reader(w.toByteArray()).readString()).isEqualTo("\uFFFD");
    }

    @Test
    void halfASurrogatePairIsNotWritten() {
        assertThatThrownBy(() -> new Writer(8).writeString("a\uD800")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theOpenAclIsOneObject() {
        var w = new Writer(64);
        Acl.writeList(w, java.util.List.of(new Acl(31, new Id("world", "anyone"))));
        assertThat(Acl.readList(new Reader(w.toByteArray()))).isSameAs(Acl.OPEN_UNSAFE);
    }
}
