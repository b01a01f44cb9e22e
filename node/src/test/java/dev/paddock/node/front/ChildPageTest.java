package dev.paddock.node.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Extensions;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Paged children as a client sees them. */
class ChildPageTest {
    private final Rig rig = new Rig();
    private final FakeClient client = agreed();

    @Test
    void aPageTellsTheZxidItWasReadAtAndWatches() {
        for (String path : new String[] {"/d", "/d/a", "/d/b", "/d/c"}) rig.createdElsewhere(path);
        rig.setElsewhere("/d", "x");
        client.request(1, page("/d", "", 2, true));
        var first = client.got().getFirst();
        var page = (Response.GetChildrenPage) first.as(OpCode.GET_CHILDREN_PAGE);
        assertThat(first.zxid()).isEqualTo(rig.head.lastZxid());
        assertThat(page.stat()).isEqualTo(rig.head.stat(Objects.requireNonNull(rig.head.find("/d"))));
        assertThat(page.more()).isTrue();
        client.request(2, page("/d", page.names().getLast(), 2, false));
        var rest = (Response.GetChildrenPage) client.got().getFirst().as(OpCode.GET_CHILDREN_PAGE);
        assertThat(rest.more()).isFalse();
        var all = new ArrayList<>(page.names());
        all.addAll(rest.names());
        assertThat(all).containsExactlyInAnyOrder("a", "b", "c");
        rig.deletedElsewhere("/d/b");
        assertThat(client.order()).containsExactly("event 4 /d");
    }

    @Test
    void aRefusedPageSetsNoWatch() {
        client.request(1, page("/d", "", 2, true));
        client.request(2, page("/", "", 0, true));
        assertThat(client.got())
                .extracting(FakeClient.Got::err)
                .containsExactly(ErrorCode.NO_NODE.code(), ErrorCode.BAD_ARGUMENTS.code());
        rig.createdElsewhere("/d");
        assertThat(client.order()).isEmpty();
    }

    @Test
    void theHandshakeTellsOnlyThoseWhoAsk() {
        assertThat(answeredTo(0)).isZero();
        assertThat(answeredTo(1)).isZero();
        assertThat(Extensions.has(answeredTo(Extensions.offer()), Extensions.PAGED_CHILDREN))
                .isTrue();
    }

    @Test
    void toWhoHasNotAgreedItIsAnUnknownOperation() {
        FakeClient plain = rig.client();
        plain.request(1, Rig.create("/d"));
        plain.request(2, page("/", "", 2, false));
        assertThat(plain.takes).isFalse();
        rig.commitNext();
        assertThat(plain.got())
                .extracting(g -> g.xid() + ":" + g.err())
                .containsExactly("1:0", "2:" + ErrorCode.UNIMPLEMENTED.code());
        assertThat(plain.closed).isEqualTo(CloseReason.UNIMPLEMENTED);
    }

    @Test
    void aMalformedPageIsAMarshallingError() {
        client.frame(new byte[] {0, 0, 0, 1, 0, 0, 0x4e, 0x28}); // type 20008
        assertThat(client.got()).extracting(FakeClient.Got::err).containsExactly(ErrorCode.MARSHALLING_ERROR.code());
        assertThat(client.closed).isNull();
    }

    private FakeClient agreed() {
        var fresh = new FakeClient(rig.frontend);
        fresh.connect(new ConnectRequest(Extensions.offer(), 0, 30_000, 0, null, Optional.of(false)));
        rig.open(fresh, 0x900);
        return fresh;
    }

    private int answeredTo(int protocolVersion) {
        var fresh = new FakeClient(rig.frontend);
        fresh.connect(new ConnectRequest(protocolVersion, 0, 7_000, 0, null, Optional.of(false)));
        rig.submissions.removeLast();
        rig.deliver(new Delivery.SessionOpened(fresh.connection.id, 0x700 + protocolVersion, 7_000));
        return fresh.handshake().protocolVersion();
    }

    private static Request page(String path, String cursor, int limit, boolean watch) {
        return new Request.GetChildrenPage(path, watch, cursor, "", limit);
    }
}
