package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stories of disks that fill up: who leads then, who takes writes, and that reads go on. */
class FullDiskTest {
    private static final int REFUSED = ErrorCode.SYSTEM_ERROR.code();

    private static Script three() {
        Script story = new Script(3);
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2);
        story.write(3, "before", 3);
        return story;
    }

    /** Whether the disk of a server has room. */
    private static void room(Script story, long sid, boolean isEnough) {
        story.server(sid).run(() -> story.server(sid).replica().room(isEnough));
    }

    private static int answer(Script story, long sid, Request request) {
        List<Integer> errors = new ArrayList<>();
        story.at(sid).ask(request, a -> errors.add(a.error()));
        story.sim.runUntil(s -> !errors.isEmpty(), Script.LIMIT);
        return errors.getFirst();
    }

    private static int create(Script story, long sid, String path) {
        return answer(story, sid, new Request.Create(path, new byte[0], Acl.OPEN_UNSAFE, 0));
    }

    private static int read(Script story, long sid) {
        return answer(story, sid, new Request.GetData("/before0", false));
    }

    private static void awaitRefusal(Script story, long sid) {
        story.sim.runUntil(s -> story.server(sid).replica().refusesChanges(), Script.LIMIT);
    }

    @Test
    void aLeaderWithoutRoomLetsAnotherLead() {
        Script story = three();
        room(story, 3, false);
        story.awaitLeader(1);
        story.awaitServing(2, 3);
        story.write(3, "after", 3);
        assertThat(story.server(3).replica().refusesChanges()).isFalse();
        story.calm();
    }

    @Test
    void theHeirIsOneThatHasRoom() {
        Script story = three();
        room(story, 1, false);
        story.run(2_000); // its next answer to a ping tells
        room(story, 3, false);
        story.run(5_000);
        assertThat(story.server(3).isLeading())
                .as("server 2 alone has room, which is no quorum")
                .isTrue();
        assertThat(create(story, 2, "/refused")).isEqualTo(REFUSED);
        room(story, 3, true);
        story.sim.runUntil(s -> !story.server(2).replica().refusesChanges(), Script.LIMIT);
        story.write(2, "after", 3);
        story.calm();
    }

    @Test
    void fiveMembersPassOverWhoHasNone() {
        Script story = new Script(5);
        story.boot(1, 2, 3, 4, 5);
        story.awaitLeader(5);
        story.awaitServing(1, 2, 3, 4);
        room(story, 1, false);
        story.run(2_000);
        room(story, 5, false);
        story.awaitLeader(2);
        story.write(2, "after", 3);
        story.calm();
    }

    @Test
    void whereNoQuorumHasRoomEverybodyRefusesAndReads() {
        Script story = three();
        room(story, 1, false);
        room(story, 2, false);
        for (long sid = 1; sid <= 3; sid++) awaitRefusal(story, sid);
        long logged = story.server(3).replica().peer().lastLogged();
        for (long sid = 1; sid <= 3; sid++) {
            for (int i = 0; i < 20; i++)
                assertThat(create(story, sid, "/refused")).isEqualTo(REFUSED);
            assertThat(read(story, sid)).isZero();
            assertThat(answer(story, sid, new Request.Sync("/"))).isZero();
        }
        long sessions = 2; // of the clients of 1 and 2
        assertThat(story.server(3).replica().peer().lastLogged()).isEqualTo(logged + sessions);
        story.run(30_000);
        assertThat(story.server(3).isLeading()).isTrue();
        room(story, 1, true);
        for (long sid = 1; sid <= 3; sid++) {
            long server = sid;
            story.sim.runUntil(s -> !story.server(server).replica().refusesChanges(), Script.LIMIT);
            story.write(sid, "after" + sid, 2);
            assertThat(story.has(sid, "/refused")).isFalse();
        }
        story.calm();
    }

    @Test
    void whereAllAreFullNobodyMovesAndTheFirstThatHaveRoomTakeOver() {
        Script story = three();
        for (long sid = 1; sid <= 3; sid++) room(story, sid, false);
        for (long sid = 1; sid <= 3; sid++) awaitRefusal(story, sid);
        story.run(60_000);
        boolean moved = !story.server(3).isLeading(); // it may move once, before the others have said it
        long leader = story.awaitAnyLeader();
        story.run(60_000);
        assertThat(story.server(leader).isLeading())
                .as("moved before: %s", moved)
                .isTrue();
        for (long sid = 1; sid <= 3; sid++) {
            assertThat(create(story, sid, "/refused")).isEqualTo(REFUSED);
            assertThat(read(story, sid)).isZero();
        }
        for (long sid = 1; sid <= 3; sid++) if (sid != leader) room(story, sid, true);
        story.sim.runUntil(s -> !story.server(leader).isLeading(), Script.LIMIT);
        long next = story.awaitAnyLeader();
        assertThat(next).isNotEqualTo(leader);
        story.write(next, "after", 3);
        story.calm();
    }

    @Test
    void aSingleServerRefusesAndReads() {
        Script story = new Script(1);
        story.boot(1);
        story.awaitLeader(1);
        story.write(1, "before", 1);
        room(story, 1, false);
        awaitRefusal(story, 1);
        assertThat(create(story, 1, "/refused")).isEqualTo(REFUSED);
        assertThat(read(story, 1)).isZero();
        room(story, 1, true);
        story.sim.runUntil(s -> !story.server(1).replica().refusesChanges(), Script.LIMIT);
        story.write(1, "after", 2);
        assertThat(story.has(1, "/refused")).isFalse();
        story.calm();
    }

    @Test
    void theAnswerToWhatWasAskedBeforeComesBeforeTheRefusal() {
        Script story = new Script(1);
        story.boot(1);
        story.awaitLeader(1);
        story.write(1, "before", 1);
        List<Integer> errors = new ArrayList<>();
        SimClient client = story.at(1);
        story.server(1).holdDisk();
        client.ask(new Request.Create("/taken", new byte[0], Acl.OPEN_UNSAFE, 0), a -> errors.add(a.error()));
        story.run(100);
        room(story, 1, false);
        awaitRefusal(story, 1);
        client.ask(new Request.Create("/refused", new byte[0], Acl.OPEN_UNSAFE, 0), a -> errors.add(a.error()));
        story.run(100);
        assertThat(errors).isEmpty();
        story.server(1).releaseDisk();
        story.sim.runUntil(s -> errors.size() == 2, Script.LIMIT);
        assertThat(errors).containsExactly(0, REFUSED);
        room(story, 1, true);
        story.calm();
    }
}
