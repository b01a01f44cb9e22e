package dev.paddock.node.server;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.front.Submission;
import dev.paddock.node.net.CoreMailbox;
import dev.paddock.node.net.LinkStats;
import dev.paddock.node.net.PeerLinks;
import dev.paddock.node.replica.Now;
import dev.paddock.node.replica.Replica;
import dev.paddock.node.replica.ReplicaOut;
import dev.paddock.node.tree.Overrun;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the core at its own pace: takes all that has arrived, steps it, then sends, forces and delivers once for the
 * whole batch. Everything but {@link #post} and {@link #inputs} belongs to the core thread.
 */
final class CoreLoop implements CoreMailbox, ReplicaOut, DiskThread.Core {
    private static final Logger LOG = LoggerFactory.getLogger(CoreLoop.class);
    private static final int TICK_MILLIS = 10;
    private static final int BATCH_MAX = 1024; // letters stepped before what they led to is sent

    /** What carries out a batch. */
    interface Edges {
        /** The peer links. */
        PeerLinks peers();

        /** Takes a batch for the disk. */
        void disk(List<Effect.ToDisk> batch);

        /** Takes a batch for each client loop; it may be empty. */
        void deliver(List<List<Delivery>> byLoop);

        /** Called after each batch, before clients hear of it, on the core thread. */
        void stepped(Replica replica);
    }

    private final EventLoop loop;
    private final Consumer<Throwable> failed;
    private final CoreMeter meter;
    private final PacedLog quotaLog = new PacedLog(LOG::warn);
    private final Inbox<Consumer<Replica>> inbox;
    private final int clientLoops;
    private List<List<Delivery>> deliveries; // by client loop
    private List<Effect.ToDisk> diskBatch = new ArrayList<>();
    private @Nullable Replica replica; // from start on
    private @Nullable Edges edges; // likewise
    private boolean broken;

    /**
     * @param clientLoops how many client loops there are
     * @param self   sid of this server
     * @param failed told of a broken invariant, after which the core does nothing any more
     */
    CoreLoop(EventLoop loop, int clientLoops, long self, Consumer<Throwable> failed) {
        this.meter = new CoreMeter(self);
        this.loop = loop;
        this.inbox = new Inbox<>(loop, this::drain);
        this.failed = failed;
        this.clientLoops = clientLoops;
        this.deliveries = emptyBatches();
    }

    /** What it counts. */
    CoreMeter meter() {
        return meter;
    }

    /** Starts the core and its clock; what was posted before waits until now. */
    void start(Replica core, Edges to) {
        loop.execute(() -> {
            replica = core;
            edges = to;
            guarded(() -> core.start(now()));
            drain();
        });
        var _ = loop.scheduleAtFixedRate(
                () -> input(new Input.Tick()), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void post(List<Submission> submissions) {
        put(r -> {
            Now now = now();
            for (Submission s : submissions) r.submit(now, s);
        });
    }

    /** Takes what a peer or the clock brought; from any thread. */
    void input(Input input) {
        put(r -> {
            meter.input(input);
            r.step(now(), input);
        });
    }

    @Override
    public void inputs(List<? extends Input> inputs) {
        put(r -> {
            Now now = now();
            for (Input input : inputs) {
                meter.input(input);
                r.step(now, input);
            }
        });
    }

    /** Begins to hand leadership over; the answer says why not, and is empty if it has begun. */
    CompletableFuture<Optional<String>> handOver() {
        return ask(r -> r.handOver(now()));
    }

    /** Asks the core a question from any thread; a core that has stopped never answers. */
    <T> CompletableFuture<T> ask(Function<Replica, T> question) {
        var answer = new CompletableFuture<T>();
        put(r -> answer.complete(question.apply(r)));
        return answer;
    }

    @Override
    public void put(Consumer<Replica> letter) {
        try {
            inbox.put(letter);
        } catch (RejectedExecutionException e) {
            LOG.debug("the core has stopped; {} letters have no reader", inbox.size());
        }
    }

    /** By sid, what the links of the observers have carried that follow us. */
    CompletionStage<SortedMap<Long, LinkStats>> observers() {
        return ask(r -> {
            SortedMap<Long, LinkStats> observers = new TreeMap<>();
            r.peer()
                    .observerLinks()
                    .forEach((sid, link) -> started(edges).peers().stats(link).ifPresent(s -> observers.put(sid, s)));
            return observers;
        });
    }

    void resetObservers() {
        put(r -> started(edges).peers().resetStats());
    }

    private void drain() {
        inbox.begin();
        Replica core = replica;
        if (core == null) return;
        guarded(() -> {
            for (int i = 0; i < BATCH_MAX; i++) {
                Consumer<Replica> letter = inbox.take();
                if (letter == null) return;
                letter.accept(core);
            }
        });
        if (!broken) inbox.again();
    }

    private void guarded(Runnable steps) {
        if (broken) return;
        try {
            steps.run();
            flush();
        } catch (Throwable e) { // whatever it is, the state can no longer be trusted: a peer takes over
            broken = true;
            failed.accept(e);
        }
    }

    /** Peers first, since they force while we do. */
    private void flush() {
        Edges to = started(edges);
        to.peers().flush();
        if (!diskBatch.isEmpty()) {
            to.disk(diskBatch);
            diskBatch = new ArrayList<>();
        }
        meter.stepped(started(replica));
        to.stepped(started(replica));
        if (deliveries.stream().allMatch(List::isEmpty)) return;
        to.deliver(deliveries);
        deliveries = emptyBatches();
    }

    private List<List<Delivery>> emptyBatches() {
        List<List<Delivery>> batches = new ArrayList<>(clientLoops);
        for (int i = 0; i < clientLoops; i++) batches.add(new ArrayList<>());
        return batches;
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) throw new IllegalStateException("the core was not started");
        return part;
    }

    private static Now now() {
        return new Now(System.nanoTime(), System.currentTimeMillis());
    }

    @Override
    public void toPeers(Effect.ToPeers effect) {
        meter.toPeers(effect);
        started(edges).peers().carryOut(effect);
    }

    @Override
    public void toDisk(Effect.ToDisk effect) {
        meter.toDisk(effect);
        diskBatch.add(effect);
    }

    @Override
    public void toAll(Delivery delivery) {
        if (delivery instanceof Delivery.Committed txn) meter.committed(txn);
        for (List<Delivery> batch : deliveries) batch.add(delivery);
    }

    @Override
    public void toLoop(int loop, Delivery delivery) {
        deliveries.get(loop).add(delivery);
    }

    @Override
    public void overQuota(Overrun overrun) {
        meter.overQuota(overrun);
        quotaLog.say(System.nanoTime(), overrun.text());
    }

    @Override
    public void note(String text) {
        LOG.info(text);
    }
}
