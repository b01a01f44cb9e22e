package dev.paddock.client;

import dev.paddock.wire.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Deletes a znode and all that is below it, the deepest first, in many small steps: others see a part of the tree meanwhile, and what was deleted stays
 * deleted if it is stopped. It keeps a page of names for each level it is in, never a whole listing from a server that gives pages, and sends a bounded number
 * of deletes at a time. Used once, by one thread; not the client's event loop thread.
 *
 * <p>A directory is gone through page by page and then deleted. Where others create children meanwhile, it is gone through again, a bounded number of times.
 * What others delete counts as done, and so do deletes that were on their way when a link was lost: what is left is listed again.
 */
public final class TreeDeletion {
    /** The most deletes under way that {@link #TreeDeletion} takes. */
    public static final int WINDOW_MAX = 5_000;

    private static final int PASSES_MAX = 10;
    private static final int LOSSES_MAX = 10;
    private static final int KEPT_NAMES_MAX = 100_000;
    private static final int ASKS_EVERY = 500; // deletes

    private final Client client;
    private final int window;
    private final StringBuilder path = new StringBuilder(); // of the innermost level
    private final Deque<Level> levels = new ArrayDeque<>(); // the innermost is first
    private int keptNames; // in all levels together
    private BooleanSupplier goOn = () -> true;
    private LongConsumer progress = _ -> {};
    private int losses; // since the last step that was done
    private long deleted;

    /** How it ended. */
    public sealed interface Outcome {
        /** How many znodes this deletion has deleted for sure. */
        long deleted();

        /** Nothing is left. */
        record Done(long deleted) implements Outcome {}

        /** The caller stopped it; {@code at} is the directory that it was in. */
        record Stopped(long deleted, String at) implements Outcome {}

        /** The server refused this path, for {@link ErrorCode#NOT_EMPTY} after many attempts: others create faster than this deletes. */
        record Refused(long deleted, ErrorCode error, String path) implements Outcome {}
    }

    /** A directory being emptied. */
    private static final class Level {
        final int parentLength; // of the path
        final Deque<String> directories = new ArrayDeque<>(); // of the page, those that had children
        PageQuery page = PageQuery.first();
        Optional<PageQuery> next = Optional.of(page); // empty once all pages are done
        int passes;

        Level(int parentLength) {
            this.parentLength = parentLength;
        }

        void listFrom(PageQuery query) {
            next = Optional.of(query);
        }
    }

    private record Sent(String name, CompletableFuture<Reply<Done>> answer) {}

    /**
     * Prepares one.
     *
     * @param root not {@code /}, which cannot be deleted
     * @param window how many deletes may be under way, 1 to {@link #WINDOW_MAX}
     */
    public TreeDeletion(Client client, String root, int window) {
        if (window < 1 || window > WINDOW_MAX) {
            throw new IllegalArgumentException(window + " deletes at a time; it must be 1 to " + WINDOW_MAX);
        }
        if (root.equals("/")) {
            throw new IllegalArgumentException("/ cannot be deleted; name what is below it");
        }
        Paths.check(root);
        this.client = client;
        this.window = window;
        path.append(root);
        levels.push(new Level(0));
    }

    /**
     * Runs until nothing is left, or something stops it.
     *
     * @param goOn asked every some hundred deletes at least; after a no it ends once those under way are answered
     * @param progress told as often how many znodes are deleted
     * @throws ClientException if the session is over, or links are lost again and again
     */
    public Outcome run(BooleanSupplier goOn, LongConsumer progress) throws InterruptedException {
        this.goOn = goOn;
        this.progress = progress;
        while (!levels.isEmpty()) {
            if (!goOn.getAsBoolean()) {
                return new Outcome.Stopped(deleted, path.toString());
            }
            Optional<Outcome> end = step();
            if (end.isPresent()) {
                return end.get();
            }
            progress.accept(deleted);
        }
        return new Outcome.Done(deleted);
    }

    /** How many znodes are deleted for sure. */
    public long deleted() {
        return deleted;
    }

    private Optional<Outcome> step() throws InterruptedException {
        Level level = levels.element();
        if (!level.directories.isEmpty()) {
            enter(level.directories.remove());
            return Optional.empty();
        }
        try {
            Optional<Outcome> end = level.next.isPresent() ? deletePage(level) : deleteItself(level);
            losses = 0;
            return end;
        } catch (ClientException.ConnectionLoss e) {
            losses++;
            if (losses > LOSSES_MAX) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private void enter(String name) {
        keptNames--;
        levels.push(new Level(path.length()));
        path.append('/').append(name);
    }

    private void leave() {
        Level done = levels.pop();
        path.setLength(done.parentLength);
    }

    /** Lists a page and deletes what of it has no children; the rest is for {@link #enter}. */
    private Optional<Outcome> deletePage(Level level) throws InterruptedException {
        level.page = level.next.orElseThrow();
        switch (client.blocking().getChildrenPage(path.toString(), level.page)) {
            case Reply.Refused<ChildrenPage>(ErrorCode error, String _, int _, long _)
            when error == ErrorCode.NO_NODE -> leave();
            case Reply.Refused<ChildrenPage> refused -> {
                return stop(refused);
            }
            case Reply.Ok<ChildrenPage>(ChildrenPage page, long _) -> {
                Optional<Outcome> end = deleteAll(level, page);
                if (end.isPresent()) {
                    return end;
                }
                level.next = page.next().map(level.page::after);
            }
        }
        return Optional.empty();
    }

    private Optional<Outcome> deleteAll(Level level, ChildrenPage page) throws InterruptedException {
        var directories = new ArrayDeque<String>();
        var underWay = new ArrayDeque<Sent>();
        Iterator<String> names = page.names().iterator();
        boolean stopped = false;
        for (int settled = 1; (names.hasNext() && !stopped) || !underWay.isEmpty(); settled++) {
            while (names.hasNext() && !stopped && underWay.size() < window) {
                String name = names.next();
                underWay.add(new Sent(name, client.delete(path + "/" + name, Client.ANY_VERSION)));
            }
            Sent oldest = underWay.remove();
            switch (await(oldest.answer)) {
                case Reply.Ok<Done> _ -> deleted++;
                case Reply.Refused<Done> refused -> {
                    switch (refused.error()) {
                        case NO_NODE -> {}
                        case NOT_EMPTY -> directories.add(oldest.name);
                        default -> {
                            return stop(refused);
                        }
                    }
                }
            }
            if (settled % ASKS_EVERY == 0) {
                progress.accept(deleted);
                stopped |= !goOn.getAsBoolean();
            }
        }
        if (stopped) {
            return Optional.of(new Outcome.Stopped(deleted, path.toString()));
        }
        keep(level, directories);
        return Optional.empty();
    }

    /** Remembers what to enter, and forgets what the outermost level has to enter if that is too much together: it is listed again. */
    private void keep(Level level, Deque<String> directories) {
        level.directories.addAll(directories);
        keptNames += directories.size();
        Iterator<Level> outermost = levels.descendingIterator();
        while (keptNames > KEPT_NAMES_MAX && outermost.hasNext()) {
            Level outer = outermost.next();
            if (outer == level || outer.directories.isEmpty()) {
                continue;
            }
            keptNames -= outer.directories.size();
            outer.directories.clear();
            outer.listFrom(outer.page);
        }
    }

    private Optional<Outcome> deleteItself(Level level) throws InterruptedException {
        switch (client.blocking().delete(path.toString(), Client.ANY_VERSION)) {
            case Reply.Ok<Done> _ -> {
                deleted++;
                leave();
            }
            case Reply.Refused<Done> refused -> {
                boolean isGone = refused.error() == ErrorCode.NO_NODE;
                level.passes++;
                if (isGone) {
                    leave();
                } else if (refused.error() == ErrorCode.NOT_EMPTY && level.passes < PASSES_MAX) {
                    level.listFrom(PageQuery.first());
                } else {
                    return stop(refused);
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Outcome> stop(Reply.Refused<?> refused) {
        return Optional.of(new Outcome.Refused(deleted, refused.error(), refused.path()));
    }

    private static <T> T await(CompletableFuture<T> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ClientException fault ? fault : new IllegalStateException(e.getCause());
        }
    }
}
