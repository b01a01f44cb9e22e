package dev.paddock.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Reader;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FrameTest {
    private static final byte[] DATA = "data".getBytes(StandardCharsets.UTF_8);

    @Test
    void xidAndNumberAreWrittenOverAndNothingElse() {
        Frame frame = Frame.of(new Request.SetData(Frame.path("/ä/folder", 0), DATA, -1));
        for (int number : new int[] {1234567, 0, Frame.NUMBER_MAX}) {
            byte[] bytes = frame.numbered(number).bytes(number + 7);
            var r = new Reader(bytes, 0, bytes.length);
            assertThat(r.readInt()).isEqualTo(bytes.length - 4);
            RequestHeader header = RequestHeader.read(r);
            assertThat(header.xid()).isEqualTo(number + 7);
            assertThat(Request.read(header.type(), r))
                    .isEqualTo(new Request.SetData("/ä/folder/n%08d".formatted(number), DATA, -1));
            assertThat(r.remaining()).isZero();
        }
    }
}
