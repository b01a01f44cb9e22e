package dev.paddock.cli.up;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * What each server says it is, at one moment.
 *
 * @param byServer server id to leader, follower, observer or standalone; servers that do not serve are absent
 */
record Roles(SortedMap<Integer, String> byServer) {
    /** Asks servers 1 to {@code servers} at the same time; takes a fraction of a second at most. */
    static Roles ask(Ports ports, int servers) {
        List<CompletableFuture<Optional<String>>> answers = new ArrayList<>();
        for (int id = 1; id <= servers; id++) {
            int port = ports.client(id);
            CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> answer.complete(FourLetterWord.role(port)));
            answers.add(answer);
        }
        SortedMap<Integer, String> roles = new TreeMap<>();
        for (int id = 1; id <= servers; id++) {
            int server = id;
            answers.get(id - 1).join().ifPresent(role -> roles.put(server, role));
        }
        return new Roles(roles);
    }

    /** The id of the one that orders writes: the leader, or a server that stands alone. */
    Optional<Integer> leader() {
        return byServer.entrySet().stream()
                .filter(entry ->
                        entry.getValue().equals("leader") || entry.getValue().equals("standalone"))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    String of(int server) {
        return byServer.getOrDefault(server, "starting");
    }
}
