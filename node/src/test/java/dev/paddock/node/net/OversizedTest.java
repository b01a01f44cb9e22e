package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.Writer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the log says of a request that is too long. */
class OversizedTest {
    private static byte[] frame(Request request) {
        var w = new Writer(64);
        new RequestHeader(1, request.opCode()).write(w);
        request.write(w);
        return w.toByteArray();
    }

    private static String describe(byte[] frame, int to) {
        byte[] placed = new byte[frame.length + 3];
        System.arraycopy(frame, 0, placed, 3, frame.length);
        return Oversized.describe(placed, 3, 3 + to);
    }

    @Test
    void namesTheOperationAndItsPath() {
        byte[] frame = frame(new Request.SetData("/a/b", new byte[100], -1));
        assertThat(describe(frame, frame.length)).isEqualTo("setData of /a/b");
    }

    @Test
    void namesTheFirstOperationOfAMulti() {
        var create = new Request.Create("/many", new byte[100], Acl.OPEN_UNSAFE, 0);
        byte[] frame = frame(new Request.Multi(List.of(create, create)));
        assertThat(describe(frame, frame.length)).isEqualTo("multi that begins with create of /many");
    }

    @Test
    void saysLessWhereLessHasCome() {
        byte[] frame = frame(new Request.SetData("/a/b", new byte[100], -1));
        for (int to = 0; to < 16; to++) {
            assertThat(describe(frame, to)).isEqualTo(to < 8 ? "a request" : "setData");
        }
        byte[] multi = frame(new Request.Multi(List.of(new Request.Delete("/x", 1))));
        for (int to = 0; to < multi.length; to++)
            assertThat(describe(multi, to)).isNotEmpty();
    }
}
