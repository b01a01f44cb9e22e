package dev.paddock.cli.up;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * What each server says of itself, at one moment.
 *
 * @param byServer by server id; servers that do not serve are absent
 */
record Roles(SortedMap<Integer, Answer> byServer) {
    /** @param mode leader, follower, observer or standalone */
    record Answer(String mode, long zxid) {
        boolean leads() {
            return mode.equals("leader") || mode.equals("standalone");
        }
    }

    /** Asks these servers at the same time; takes a fraction of a second at most. */
    static Roles ask(Ports ports, Collection<Integer> servers) {
        SortedMap<Integer, CompletableFuture<Optional<Answer>>> answers = new TreeMap<>();
        for (int id : servers) {
            int port = ports.client(id);
            CompletableFuture<Optional<Answer>> answer = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(() ->
                            answer.complete(FourLetterWord.ask(port, "srvr").flatMap(Roles::parse)));
            answers.put(id, answer);
        }
        SortedMap<Integer, Answer> roles = new TreeMap<>();
        answers.forEach((id, asked) -> asked.join().ifPresent(answer -> roles.put(id, answer)));
        return new Roles(roles);
    }

    /** Reads what {@code srvr} answers; empty if the server says that it does not serve. */
    static Optional<Answer> parse(String srvr) {
        return field(srvr, "Mode: ")
                .map(mode -> new Answer(
                        mode,
                        field(srvr, "Zxid: 0x")
                                .map(hex -> Long.parseUnsignedLong(hex, 16))
                                .orElse(0L)));
    }

    private static Optional<String> field(String srvr, String name) {
        return srvr.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst();
    }

    /** The id of the one that orders writes: the leader, or a server that stands alone. */
    Optional<Integer> leader() {
        return byServer.entrySet().stream()
                .filter(entry -> entry.getValue().leads())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** For people. */
    String of(int server) {
        Answer answer = byServer.get(server);
        return answer == null ? "starting" : answer.mode();
    }
}
