package dev.paddock.node.net;

import dev.paddock.node.front.AuthConfig;
import dev.paddock.node.front.ConnectionStats;
import dev.paddock.node.front.Delivery;
import dev.paddock.node.front.FrontLimits;
import dev.paddock.node.front.Frontend;
import dev.paddock.node.front.LoopStats;
import dev.paddock.node.front.ServerLoad;
import dev.paddock.node.front.SessionWatches;
import dev.paddock.node.front.Submission;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One client loop: an event loop and the {@link Frontend} it owns. All but {@link #wake} is called on the loop.
 *
 * <p>Before a frame is read, all is taken that the core had published by then. So whoever has seen an answer of one loop finds
 * no other loop behind it.
 */
final class LoopDriver {
    private static final int SCRATCH_BYTES = 64 << 10;

    private final EventLoop eventLoop;
    private final CoreMailbox core;
    private final Consumer<Throwable> broken;
    private final Frontend frontend;

    /** Where bytes lie while their frames are decoded; grows to the largest chunk the network hands over. */
    private byte[] scratch = new byte[SCRATCH_BYTES];

    private List<Submission> submissions = new ArrayList<>();

    private final Publication<Delivery>.Share share;
    private final Consumer<List<? extends Delivery>> told; // one for all frames

    LoopDriver(
            int index,
            EventLoop eventLoop,
            Publication<Delivery> publication,
            CoreMailbox core,
            FrontLimits limits,
            ServerLoad load,
            AuthConfig auth,
            Consumer<Throwable> broken) {
        this.eventLoop = eventLoop;
        this.share = publication.share(index);
        this.core = core;
        this.broken = broken;
        this.frontend = new Frontend(index, limits, load, auth, new SecureRandom().nextLong(), this::submit);
        this.told = batch -> frontend.delivered(batch, System.nanoTime());
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    Frontend frontend() {
        return frontend;
    }

    byte[] scratch(int bytes) {
        if (scratch.length < bytes) {
            scratch = new byte[bytes];
        }
        return scratch;
    }

    /** Gathers what this wake-up asks of the core; tasks of the loop run after its input, so all goes over at once. */
    private void submit(Submission submission) {
        if (submissions.isEmpty()) {
            eventLoop.execute(this::post);
        }
        submissions.add(submission);
    }

    private void post() {
        List<Submission> batch = submissions;
        submissions = new ArrayList<>();
        guarded(() -> core.post(batch));
    }

    /** Has the loop take what is published. From any thread. */
    void wake() {
        eventLoop.execute(() -> guarded(() -> {
            takePublished();
            frontend.flush();
        }));
    }

    /** Takes all that is published by now. What it leads to is flushed by the caller. */
    void takePublished() {
        share.take(told);
    }

    void tick() {
        guarded(() -> {
            frontend.tick(System.nanoTime());
            frontend.flush();
        });
    }

    /** See {@link Frontend#leave}. */
    int leave(int share) {
        int left = frontend.leave(share);
        frontend.flush();
        return left;
    }

    /** Runs a step of the loop; what it throws is a broken invariant, since the faults of clients are handled inside. */
    void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            broken.accept(e);
        }
    }

    PortStats stats(boolean withConnections) {
        LoopStats total = frontend.stats();
        List<ConnectionStats> connections = withConnections ? frontend.connectionStats() : List.of();
        return new PortStats(total, connections, frontend.dropChance(), System.nanoTime());
    }

    void resetStats() {
        frontend.resetStats();
    }

    List<SessionWatches> sessionWatches() {
        return frontend.sessionWatches();
    }
}
