package dev.paddock.cli.shell;

import dev.paddock.client.BlockingClient;
import dev.paddock.client.Client;
import dev.paddock.client.WatchEvent;
import dev.paddock.client.Watcher;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the shell's commands share: the session, where they print, and whether they are to stop. Commands run on one thread;
 * watches print on the client's, {@link #interrupt} is called on any.
 */
final class Surroundings implements AutoCloseable {
    private final Shell.Connecting connecting;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Watcher watcher = this::print; // one, so that a watch set twice prints once
    private Optional<Client> client = Optional.empty();
    private String servers;
    private volatile boolean printsWatches = true;
    private volatile boolean interrupted;
    private volatile CountDownLatch idle = new CountDownLatch(0);

    /** There is no session: {@code close} was called. */
    static final class NotConnected extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotConnected() {
            super("Not connected");
        }
    }

    Surroundings(Shell.Connecting connecting, String servers, PrintWriter out, PrintWriter err) {
        this.connecting = connecting;
        this.servers = servers;
        this.out = out;
        this.err = err;
    }

    /** Opens a session, in place of the one before. */
    void connect(String to) throws InterruptedException {
        close();
        servers = to;
        client = Optional.of(connecting.connect(to));
    }

    /** Closes the session. */
    @Override
    public void close() {
        client.ifPresent(Client::close);
        client = Optional.empty();
    }

    Client client() {
        return client.orElseThrow(NotConnected::new);
    }

    BlockingClient calls() {
        return client().blocking();
    }

    String servers() {
        return servers;
    }

    /** How the session stands, for the prompt. */
    String state() {
        return client.map(open -> open.state().name()).orElse("CLOSED");
    }

    PrintWriter out() {
        return out;
    }

    PrintWriter err() {
        return err;
    }

    Watcher watcher() {
        return watcher;
    }

    boolean printsWatches() {
        return printsWatches;
    }

    void printWatches(boolean on) {
        printsWatches = on;
    }

    private void print(WatchEvent event) {
        if (!printsWatches) return;
        out.println(Text.of(event));
        out.flush();
    }

    /** A command begins; until {@link #ended}, an interrupt waits for it. */
    void begun() {
        idle = new CountDownLatch(1);
    }

    void ended() {
        out.flush();
        err.flush();
        idle.countDown();
    }

    boolean isInterrupted() {
        return interrupted;
    }

    /** Tells the running command to stop at the next place where it can, and waits for that. */
    void interrupt(long seconds) throws InterruptedException {
        interrupted = true;
        var _ = idle.await(seconds, TimeUnit.SECONDS);
    }
}
