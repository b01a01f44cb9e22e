package dev.paddock.sidecar.projection;

import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.ensemble.Mirror;
import dev.paddock.sidecar.ensemble.Tree;
import dev.paddock.sidecar.ensemble.Unavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps projections as files, each on a thread of its own. While the ensemble cannot be reached the files stay as they are. */
public final class Projections implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final int ROUNDS_MAX = 100;
    private static final Logger log = LoggerFactory.getLogger(Projections.class);

    private final List<Keeper> keepers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private Projections() {}

    /** Starts to keep them; returns at once. */
    public static Projections start(Ensemble ensemble, List<Projection> wanted) {
        var projections = new Projections();
        for (Projection projection : wanted) {
            var keeper = new Keeper(ensemble, projection);
            projections.keepers.add(keeper);
            projections.threads.add(
                    Thread.ofVirtual().name("projection " + projection.znode()).start(keeper::run));
        }
        return projections;
    }

    /** What is still in the way before every projection has been written once; empty after that. */
    public Optional<String> missing() {
        return keepers.stream()
                .map(keeper -> keeper.missing)
                .filter(reason -> !reason.isEmpty())
                .findFirst();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }

    /** One projection. */
    private static final class Keeper {
        private final Ensemble ensemble;
        private final Projection projection;
        private final Folder folder;
        private Tableau shown = new Tableau(new TreeMap<>(), new TreeSet<>());
        private long shownZxid;
        private boolean written;
        /** Why nothing was written yet; empty once something was. */
        private volatile String missing;

        Keeper(Ensemble ensemble, Projection projection) {
            this.ensemble = ensemble;
            this.projection = projection;
            this.folder = new Folder(projection.folder());
            this.missing = projection.znode() + " has not been read yet";
        }

        void run() {
            try (var mirror = Mirror.following(ensemble, projection.znode(), Mirror.Depth.SUBTREE)) {
                while (!load(mirror)) Thread.sleep(Duration.ofMillis(200));
                while (true) {
                    settle(mirror);
                    show(mirror.tree()); // again after a failure, else nothing to do
                    awaitChange(mirror, QUIET.toNanos());
                }
            } catch (InterruptedException stopped) { // by close
                Thread.currentThread().interrupt();
            }
        }

        private boolean load(Mirror mirror) throws InterruptedException {
            try {
                mirror.load(ANSWER_MAX);
                return true;
            } catch (Unavailable notYet) {
                tell(projection.znode() + " cannot be read yet: " + notYet.getMessage());
                return false;
            } catch (Mirror.TooLarge tooLarge) {
                tell(tooLarge.getMessage());
                return false;
            }
        }

        /**
         * Goes on until nothing is waiting to be read again: the copy is then one state of the ensemble, since the event of a
         * change comes before any answer that shows a state after it. Where writes never pause it is shown all the same.
         */
        private void settle(Mirror mirror) throws InterruptedException {
            for (int round = 0; round < ROUNDS_MAX && awaitChange(mirror, 0); round++) {
                if (Thread.interrupted()) throw new InterruptedException();
            }
        }

        /** Whether something has happened. */
        private boolean awaitChange(Mirror mirror, long nanos) throws InterruptedException {
            try {
                return !(mirror.await(nanos) instanceof Mirror.Wake.Quiet);
            } catch (Mirror.TooLarge tooLarge) {
                log.error("{}; the files in {} stay as they were", tooLarge.getMessage(), projection.folder());
                while (!load(mirror)) Thread.sleep(QUIET);
                return true;
            }
        }

        /** A state older than one that was shown comes from a server that is behind; it is not shown. */
        private void show(Tree tree) {
            if (!written && tree.nodes().isEmpty()) {
                tell("there is no " + projection.znode() + " yet");
                return;
            }
            Tableau now = Tableau.of(projection.znode(), tree);
            if (written && (tree.zxid() < shownZxid || now.sameFiles(shown))) return;
            try {
                folder.show(now);
            } catch (IOException e) {
                tell("cannot write to " + projection.folder() + ": " + e);
                return;
            }
            if (!now.leftOut().equals(shown.leftOut())) log.warn("no file can have the name of {}", now.leftOut());
            shown = now;
            shownZxid = tree.zxid();
            written = true;
            missing = "";
            log.info("{} holds {} files of {}", projection.folder(), now.files().size(), projection.znode());
        }

        /** Each reason once; after the first writing it is no reason to hold anybody up. */
        private void tell(String reason) {
            if (!reason.equals(missing)) log.warn("{}", reason);
            if (!written) missing = reason;
        }
    }
}
