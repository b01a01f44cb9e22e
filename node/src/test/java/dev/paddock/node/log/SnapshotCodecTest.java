package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.tree.Database;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SnapshotCodecTest {
    private static final int ELEMENT_BYTES_MAX = 1 << 20;

    @Property(tries = 100)
    void decodingUndoesEncodingHoweverItIsCut(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5000) int pieceBytes,
            @ForAll @IntRange(max = 150) int txns) {
        Database database = Databases.some(seed, txns);
        byte[] body = encode(database, pieceBytes);
        byte[] more = Arrays.copyOf(body, body.length + 11);
        SnapshotDecoder decoder = decoder();
        Random random = new Random(seed);
        int at = 0;
        while (!decoder.isDone()) {
            int to = at + Math.min(more.length - at, 1 + random.nextInt(pieceBytes));
            at += decoder.feed(more, at, to);
        }
        assertThat(at).isEqualTo(body.length);
        assertThat(decoder.database(database.lastZxid()).difference(database)).isNull();
        assertThat(decoder.nodes()).isEqualTo(database.znodeCount());
    }

    @Test
    void isTheSameWhateverThePieces() {
        Database database = Databases.some(1, 300);
        assertThat(encode(database, 1)).isEqualTo(encode(database, 1 << 20));
    }

    @Test
    void anyChangedByteIsReadOrRefusedAndNothingElse() {
        byte[] body = encode(Databases.some(3, 40), 1000);
        for (int at = 0; at < body.length; at++) {
            byte[] changed = body.clone();
            changed[at] ^= (byte) 0x81;
            try {
                SnapshotDecoder decoder = decoder();
                decoder.feed(changed, 0, changed.length);
                if (decoder.isDone()) {
                    decoder.database(1);
                }
            } catch (WireException e) {
                assertThat(e.getMessage()).isNotBlank().doesNotEndWith("null"); // it may say that a null is not allowed
            }
        }
    }

    @Test
    void allocatesNothingForWhatIsOnlyClaimed() {
        refuses("a count of -2", new Writer(8), w -> w.writeInt(-2));
        refuses("a length of", new Writer(64), w -> {
            w.writeInt(0);
            w.writeInt(0);
            w.writeInt(Integer.MAX_VALUE);
        });
        SnapshotDecoder decoder = decoder();
        byte[] claims = ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array();
        assertThat(decoder.feed(claims, 0, 4)).isEqualTo(4);
        assertThat(decoder.isDone()).isFalse();
    }

    @Test
    void refusesAnElementThatNeverEnds() {
        SnapshotDecoder decoder = new SnapshotDecoder(Database.loader(), 1000);
        byte[] counts = new byte[8];
        counts[7] = 1; // one ACL
        decoder.feed(counts, 0, 8);
        byte[] acl =
                ByteBuffer.allocate(12).putLong(1).putInt(Integer.MAX_VALUE).array();
        decoder.feed(acl, 0, 12);
        byte[] entries = new byte[600];
        decoder.feed(entries, 0, 600);
        assertThatThrownBy(() -> decoder.feed(entries, 0, 600))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("more than 1000 bytes");
    }

    @Test
    void aZnodeWhoseAclIsMissingIsClosedToEveryone() { // M26
        Writer w = new Writer(100);
        w.writeInt(0);
        w.writeInt(0);
        w.writeInt(0); // the root's path
        w.writeBuffer(new byte[0]);
        w.writeLong(7);
        w.raw(new byte[60], 0, 60);
        w.writeString("/");
        SnapshotDecoder decoder = decoder();
        decoder.feed(w.toByteArray(), 0, w.length());
        assertThat(decoder.danglingAcls()).isEqualTo(1);
        assertThat(decoder.database(1).root().acl())
                .singleElement()
                .satisfies(acl -> assertThat(acl.perms()).isZero());
    }

    private static void refuses(String why, Writer w, java.util.function.Consumer<Writer> content) {
        content.accept(w);
        assertThatThrownBy(() -> decoder().feed(w.toByteArray(), 0, w.length()))
                .isInstanceOf(WireException.class)
                .hasMessageContaining(why);
    }

    private static SnapshotDecoder decoder() {
        return new SnapshotDecoder(Database.loader(), ELEMENT_BYTES_MAX);
    }

    private static byte[] encode(Database database, int pieceBytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        new SnapshotEncoder(database, pieceBytes).forEachRemaining(all::writeBytes);
        return all.toByteArray();
    }
}
