package dev.paddock.cli.bench;

import dev.paddock.client.ConnectString;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** All connections, driven by the thread that calls. */
final class Load implements AutoCloseable {
    private static final long SILENCE_MILLIS_MAX = 30_000;
    private static final Work NOTHING = nowNanos -> null;

    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final Tally tally = new Tally();

    /**
     * Opens all connections.
     *
     * @throws IOException if a server gives no session; the message names it
     */
    Load(List<ConnectString.Server> servers, int count, int depth) throws IOException {
        try {
            for (int i = 0; i < count; i++) {
                connections.add(Connection.open(servers.get(i % servers.size()), selector, depth, tally));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** What came of the requests so far. */
    Tally tally() {
        return tally;
    }

    /**
     * Asks until the work ends and everything is answered.
     *
     * @throws IOException if a connection is lost or answers no more; the message names its server
     */
    void run(Work work) throws IOException {
        for (Connection connection : connections) connection.ask(work, System.nanoTime());
        drain(work);
    }

    /** Asks one thing on the first connection. */
    void ask(Frame frame) throws IOException {
        connections.getFirst().ask(new Work.Once(frame), System.nanoTime());
        drain(NOTHING);
    }

    /** Asks the same thing once on each connection. */
    void askOnEach(Frame frame) throws IOException {
        for (Connection connection : connections) connection.ask(new Work.Once(frame), System.nanoTime());
        drain(NOTHING);
    }

    private void drain(Work work) throws IOException {
        while (isUnderWay()) {
            if (selector.select(SILENCE_MILLIS_MAX) == 0) throw silence();
            for (SelectionKey key : selector.selectedKeys()) {
                var connection = (Connection) key.attachment();
                connection.ready();
                connection.ask(work, System.nanoTime());
            }
            selector.selectedKeys().clear();
        }
    }

    private boolean isUnderWay() {
        for (Connection connection : connections) if (connection.underWay() > 0) return true;
        return false;
    }

    private IOException silence() {
        String silent = connections.stream()
                .filter(connection -> connection.underWay() > 0)
                .findFirst()
                .map(Connection::toString)
                .orElse("");
        return new IOException(
                silent + " did not answer within " + TimeUnit.MILLISECONDS.toSeconds(SILENCE_MILLIS_MAX) + " s");
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) connection.close();
        selector.close();
    }
}
