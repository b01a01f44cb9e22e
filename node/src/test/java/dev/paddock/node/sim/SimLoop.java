package dev.paddock.node.sim;

import dev.paddock.node.front.AuthConfig;
import dev.paddock.node.front.ClientLink;
import dev.paddock.node.front.CloseReason;
import dev.paddock.node.front.Connection;
import dev.paddock.node.front.Delivery;
import dev.paddock.node.front.FrontLimits;
import dev.paddock.node.front.Frontend;
import dev.paddock.node.front.Submission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** A client loop of a server: the production front, with the queues between it and the core, each first in, first out. */
final class SimLoop {
    static final long HOP_SPAN_NANOS = 100_000; // from one thread of a server to another
    private static final long WIRE_MIN_NANOS = 30_000;
    private static final long WIRE_SPAN_NANOS = 500_000;

    private final Simulation sim;
    private final SimServer server;
    private final Frontend front;
    private final List<Delivery> inbox = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private boolean woken;
    private long toCoreNanos; // when the last submission arrives

    SimLoop(Simulation sim, SimServer server, int index) {
        this.sim = sim;
        this.server = server;
        this.front =
                new Frontend(index, FrontLimits.DEFAULT, AuthConfig.DEFAULT, server.random.nextLong(), this::submitted);
    }

    private void submitted(Submission submission) {
        toCoreNanos = Math.max(toCoreNanos, sim.nowNanos + (long) (server.random.nextDouble() * HOP_SPAN_NANOS));
        server.later(toCoreNanos - sim.nowNanos, () -> server.submit(submission));
    }

    void deliver(Delivery delivery) {
        inbox.add(delivery);
        if (woken) return;
        woken = true;
        server.later((long) (server.random.nextDouble() * HOP_SPAN_NANOS), this::drain);
    }

    private void drain() {
        woken = false;
        List<Delivery> batch = List.copyOf(inbox);
        inbox.clear();
        front.delivered(batch, server.clock.nanos());
        front.flush();
    }

    void tick() {
        front.tick(server.clock.nanos());
        front.flush();
    }

    /** The process is gone; its kernel closes its connections. */
    void crashed() {
        List.copyOf(lines).forEach(line -> line.close(CloseReason.NOT_SERVING));
    }

    /** A client connects. */
    Line connect(SimClient client) {
        Line line = new Line(client);
        lines.add(line);
        server.run(() -> line.accept());
        return line;
    }

    /** One connection, both ends of it. */
    final class Line implements ClientLink {
        private final SimClient client;
        private final Deque<byte[]> unread = new ArrayDeque<>(); // came while the front does not read
        private boolean reading = true;
        private boolean gone;
        private Connection connection;
        private long toServerNanos;
        private long toClientNanos;

        private Line(SimClient client) {
            this.client = client;
        }

        private void accept() {
            connection = front.accepted(this, "127.0.0.1", server.clock.nanos(), server.clock.wallMillis());
        }

        private long arrival(long after) {
            return Math.max(
                    after, sim.nowNanos + WIRE_MIN_NANOS + (long) (server.random.nextDouble() * WIRE_SPAN_NANOS));
        }

        /** The client sends a frame. */
        void frame(byte[] frame) {
            toServerNanos = arrival(toServerNanos);
            server.later(toServerNanos - sim.nowNanos, () -> {
                if (gone || connection == null) return;
                sim.hash.add(frame);
                unread.addLast(frame);
                read();
            });
        }

        private void read() {
            while (reading && !gone && !unread.isEmpty()) {
                byte[] frame = unread.removeFirst();
                if (!front.frame(connection, frame, 0, frame.length, server.clock.nanos())) reading = false;
            }
            front.flush();
        }

        /** The client closes the connection. */
        void hangUp() {
            toServerNanos = arrival(toServerNanos);
            server.later(toServerNanos - sim.nowNanos, () -> {
                if (gone || connection == null) return;
                gone = true;
                lines.remove(this);
                front.closed(connection);
                front.flush();
            });
        }

        @Override
        public String address() {
            return "/127.0.0.1:1";
        }

        @Override
        public boolean isSecure() {
            return false;
        }

        @Override
        public void send(byte[] buf, int from, int to) {
            byte[] bytes = Arrays.copyOfRange(buf, from, to);
            toClientNanos = arrival(toClientNanos);
            sim.at(toClientNanos, () -> {
                sim.hash.add(bytes);
                client.received(this, bytes);
            });
        }

        @Override
        public long unsentBytes() {
            return 0;
        }

        @Override
        public void reading(boolean on) {
            reading = on;
            if (on) server.later(0, this::read);
        }

        @Override
        public void note(String text) {
            sim.trace("client " + client.number + ": " + text);
        }

        @Override
        public void close(CloseReason reason) {
            if (gone) return;
            gone = true;
            lines.remove(this);
            toClientNanos = arrival(toClientNanos);
            sim.at(toClientNanos, () -> client.closed(this));
        }
    }
}
