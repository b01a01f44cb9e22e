package dev.paddock.e2e.differential;

import dev.paddock.wire.OpCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One ensemble of each kind with the same settings, to which the same streams are played at the same time. */
final class Duel implements AutoCloseable {
    private final ExecutorService players = Executors.newFixedThreadPool(2);
    private final Ensemble apacheServers;
    private final Ensemble paddockServers;
    private final Player apache;
    private final Player paddock;
    private int streams;

    Duel(Arena arena, Path folder) throws IOException, InterruptedException {
        Future<Ensemble> starting =
                players.submit(() -> new Ensemble(Ensemble.Kind.APACHE, arena, folder.resolve("apache")));
        paddockServers = new Ensemble(Ensemble.Kind.PADDOCK, arena, folder.resolve("paddock"));
        apacheServers = result(starting);
        apache = new Player(apacheServers);
        paddock = new Player(paddockServers);
    }

    /** Plays a stream to both; the first difference, if there is one. */
    Optional<Difference> play(List<Step> stream) throws IOException, InterruptedException {
        String folder = String.format("/s%08d", ++streams);
        List<Step> moved = stream.stream()
                .map(step -> step.moved(Generator.FOLDER, folder))
                .toList();
        Callable<List<List<Heard>>> theirs = () -> apache.play(moved, folder);
        Callable<List<List<Heard>>> mine = () -> paddock.play(moved, folder);
        var both = List.of(players.submit(theirs), players.submit(mine));
        return difference(moved, result(both.get(0)), result(both.get(1)));
    }

    private static Optional<Difference> difference(
            List<Step> stream, List<List<Heard>> apache, List<List<Heard>> paddock) {
        for (int step = 0; step < apache.size(); step++) {
            boolean closes = step >= stream.size() || closesSession(stream.get(step));
            List<Heard> theirs = closes ? inOrder(apache.get(step)) : apache.get(step);
            List<Heard> ours = closes ? inOrder(paddock.get(step)) : paddock.get(step);
            for (int i = 0; i < Math.max(theirs.size(), ours.size()); i++) {
                if (i < theirs.size() && i < ours.size() && alike(theirs.get(i), ours.get(i))) continue;
                return Optional.of(new Difference(step, i, theirs, ours));
            }
        }
        return Optional.empty();
    }

    private static boolean closesSession(Step step) {
        return step instanceof Step.Burst(int slot, List<Ask> asks)
                && asks.getLast().type() == OpCode.CLOSE_SESSION;
    }

    /** The events of one transaction sorted: the ephemerals of a session are deleted in the order of a hash table. */
    private static List<Heard> inOrder(List<Heard> heard) {
        List<Heard> sorted = new ArrayList<>(heard);
        for (int from = 0; from < sorted.size(); ) {
            int to = from + 1;
            while (to < sorted.size() && isSameTransaction(sorted.get(from), sorted.get(to))) to++;
            sorted.subList(from, to)
                    .sort(Comparator.comparing(
                            each -> Arrays.toString(each.frame().body())));
            from = to;
        }
        return sorted;
    }

    private static boolean isSameTransaction(Heard a, Heard b) {
        return a.slot() == b.slot()
                && a.frame().kind() == Frame.Kind.EVENT
                && b.frame().kind() == Frame.Kind.EVENT
                && a.frame().zxid() == b.frame().zxid();
    }

    private static boolean alike(Heard theirs, Heard ours) {
        return theirs.slot() == ours.slot() && theirs.frame().looksAs(ours.frame());
    }

    private static <T> T result(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException fault) throw fault;
            if (e.getCause() instanceof RuntimeException fault) throw fault;
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        players.shutdownNow();
        apache.close();
        paddock.close();
        apacheServers.close();
        paddockServers.close();
    }
}
