package dev.paddock.e2e.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.histories.MembersDesk;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Leadership of a {@link Trio} moves, for one reason or another, while scribes at all three servers write. */
final class Moves implements AutoCloseable {
    private static final int SCRIBES_A_SERVER = 3; // the first of them with the shortest session that there is
    private static final int SHORTEST_MILLIS = 2 * 2_000; // two ticks
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern HANDED_OVER = Pattern.compile("leading no longer: server [0-9]+ takes over");

    final Trio trio;
    private final List<Scribe> scribes = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    /** What leadership moves by. */
    enum Cause {
        KILL,
        PAUSE,
        HAND_OVER,
        TERM,
        REMOVAL,
        DEMOTION,
        /** By itself, where {@code zxidsPerEpoch} is small. */
        ROLL_OVER;

        /** What can be done to any ensemble. */
        static final Set<Cause> DONE = EnumSet.complementOf(EnumSet.of(ROLL_OVER));

        /** Whether the leader itself says who leads next, so that nobody has to elect. */
        boolean isPlanned() {
            return this != KILL && this != PAUSE;
        }

        @Override
        public String toString() {
            return switch (this) {
                case KILL -> "`kill -9` of the leader";
                case PAUSE -> "`kill -STOP` of the leader";
                case HAND_OVER -> "`POST /commands/hand_over`";
                case TERM -> "SIGTERM to the leader";
                case REMOVAL -> "`reconfig` without the leader";
                case DEMOTION -> "`reconfig`: the leader observes";
                case ROLL_OVER -> "the end of an epoch's zxids";
            };
        }
    }

    /** Starts servers and scribes, and lets them write for a while. */
    Moves(Path folder, String... settings) throws IOException {
        trio = new Trio(folder, settings);
        for (int i = 0; i < SCRIBES_A_SERVER * Trio.SIZE; i++)
            scribes.add(
                    new Scribe(trio, 1 + i % Trio.SIZE, i, i < Trio.SIZE ? SHORTEST_MILLIS : Scribe.PATIENT_MILLIS));
        try {
            settle();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Leadership moves, all write again, and then all three servers serve again. */
    Gap move(Cause cause) throws IOException, InterruptedException {
        List<String> logs = trio.logs(); // before the leader is known, whose epoch may be near its end
        int leader = trio.awaitLeader();
        long started = System.nanoTime();
        switch (cause) {
            case KILL -> trio.process(leader).destroyForcibly();
            case PAUSE -> trio.signal(leader, "STOP");
            case HAND_OVER -> handOver(leader);
            case TERM -> trio.process(leader).destroy();
            case REMOVAL -> changeMembers(desk -> desk.remove(leader));
            case DEMOTION -> changeMembers(desk -> desk.addObserver(leader));
            case ROLL_OVER -> trio.awaitLeaderBut(leader);
        }
        long done = System.nanoTime();
        List<Scribe> others = scribes.stream()
                .filter(scribe -> cause != Cause.PAUSE || scribe.home() != leader)
                .toList();
        awaitWrites(others, done);
        trio.awaitLeaderBut(leader);
        awaitWrites(others, System.nanoTime()); // who was asked to hand over may have led until just now
        if (cause.isPlanned()) {
            assertThat(trio.log(leader).substring(logs.get(leader - 1).length()))
                    .as("what server %d has said since: %s", leader, cause)
                    .containsPattern(HANDED_OVER);
        }
        var gap = Gap.around(cause == Cause.ROLL_OVER ? done : started, done, scribes);
        recover(cause, leader);
        settle();
        return gap;
    }

    private void handOver(int leader) throws IOException, InterruptedException {
        var post = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + trio.adminPort(leader) + "/commands/hand_over"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        var answer = http.send(post, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void changeMembers(Consumer<MembersDesk> change) throws IOException {
        try (var desk = new MembersDesk(trio::spec, trio.clients())) {
            change.accept(desk);
        }
    }

    private void recover(Cause cause, int leader) throws IOException, InterruptedException {
        switch (cause) {
            case KILL, TERM -> restart(leader);
            case PAUSE -> trio.signal(leader, "CONT");
            case HAND_OVER, ROLL_OVER -> {}
            case REMOVAL, DEMOTION -> changeMembers(desk -> desk.add(leader));
        }
        trio.awaitVoting();
    }

    private void restart(int sid) throws IOException, InterruptedException {
        trio.process(sid).waitFor();
        trio.start(sid);
    }

    /** All scribes write, with all servers there; nobody has seen anything wrong, such as the end of a session. */
    private void settle() {
        long now = System.nanoTime();
        awaitWrites(scribes, now);
        await().atMost(PATIENCE)
                .until(() -> scribes.stream().allMatch(s -> s.acksSince(now).size() >= 50));
        scribes.forEach(scribe -> scribe.forgetBefore(now));
    }

    private void awaitWrites(List<Scribe> who, long sinceNanos) {
        await().atMost(PATIENCE).until(() -> {
            scribes.forEach(Scribe::check);
            return who.stream().noneMatch(s -> s.acksSince(sinceNanos).isEmpty());
        });
    }

    /** One after the other writes no more, and every server has what it was told to be done. */
    void finish() {
        for (Scribe scribe : scribes) scribe.finish();
    }

    @Override
    public void close() {
        for (Scribe scribe : scribes) scribe.close();
        http.close();
        trio.close();
    }
}
