package dev.paddock.node.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that are sent to other servers: a part of them at a time, and nobody who waits for an answer. */
class FrontendLeaveTest {
    private final Rig rig = new Rig();
    private final List<FakeClient> clients = new ArrayList<>();

    private void connect(int count) {
        for (int i = 0; i < count; i++) clients.add(rig.client());
    }

    private long gone() {
        return clients.stream().filter(c -> c.closed == CloseReason.LEAVING).count();
    }

    @Test
    void onePartOfThemLeavesAtATime() {
        connect(300);
        for (int share = 6; share > 0; share--) {
            assertThat(rig.frontend.leave(share)).isEqualTo(50 * (share - 1));
            assertThat(gone()).isEqualTo(50L * (7 - share));
        }
    }

    @Test
    void theCoreHearsThatTheConnectionIsGoneAndTheSessionIsNot() {
        connect(1);
        long session = clients.getFirst().connection.sessionId;
        rig.submissions.clear();
        rig.frontend.leave(1);
        assertThat(rig.submissions)
                .containsExactly(new Submission.Disconnected(0, clients.getFirst().connection.id, session));
    }

    @Test
    void whoWaitsForAnAnswerGetsItFirst() {
        connect(300);
        List<FakeClient> writers = clients.subList(0, 20);
        for (int i = 0; i < writers.size(); i++) writers.get(i).request(1, Rig.create("/n" + i));
        for (int share = 6; share > 1; share--) rig.frontend.leave(share);
        assertThat(rig.frontend.leave(1)).isEqualTo(20);
        assertThat(writers).allMatch(c -> c.closed == null);
        rig.commitNext();
        assertThat(writers.getFirst().order()).containsExactly("1");
        assertThat(rig.frontend.leave(1)).isEqualTo(19);
        assertThat(writers.getFirst().closed).isEqualTo(CloseReason.LEAVING);
        while (rig.submissions.peekFirst() instanceof Submission.Submit) rig.commitNext();
        for (FakeClient writer : writers.subList(1, 20))
            assertThat(writer.order()).containsExactly("1");
        assertThat(rig.frontend.leave(1)).isZero();
        assertThat(gone()).isEqualTo(300);
    }

    @Test
    void whoIsLeftAtTheEndIsNotListenedToAnyMore() {
        connect(2);
        FakeClient writer = clients.getFirst();
        writer.request(1, Rig.create("/a"));
        rig.frontend.leave(2); // the other one goes
        assertThat(writer.takes).isTrue();
        writer.request(2, new Request.GetData("/a", false));
        rig.frontend.leave(1);
        writer.request(3, Rig.create("/b"));
        assertThat(writer.takes).isFalse();
        rig.commitNext();
        assertThat(writer.order()).containsExactly("1", "2");
        assertThat(rig.frontend.leave(1)).isZero();
        assertThat(rig.head.find("/b")).isNull();
    }

    @Test
    void aHandshakeUnderWayIsWaitedFor() {
        var opening = new FakeClient(rig.frontend);
        opening.connect(0, null);
        assertThat(rig.frontend.leave(1)).isEqualTo(1);
        rig.open(opening, 0x999);
        assertThat(rig.frontend.leave(1)).isZero();
        assertThat(opening.closed).isEqualTo(CloseReason.LEAVING);
    }
}
