package dev.paddock.e2e.histories;

import dev.paddock.testing.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The links between servers. Each server dials each other one at two ports of its own, and the bytes pass through here. Where a way
 * is cut, they stay here until it is healed, as those of TCP stay with the sender, and so does the end of a connection.
 */
final class Relays implements Links {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int DIAL_EACH_MILLIS = 20;
    private static final int WAITING_MAX = 50; // connections that nobody has accepted yet

    private final int patienceMillis;
    private final Map<Way, int[]> ports = new TreeMap<>(); // by who dials whom: quorum, election
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    private final Set<Way> cut = new HashSet<>(); // guarded by this
    private boolean refuses; // guarded by this; who dials where a way is cut is hung up on, and otherwise hears nothing

    /** A connection of a dialler and, at the other end, of the server that it wants. */
    private record Pair(Way way, Socket dialler, Socket server) {
        void close() {
            Relays.close(dialler);
            Relays.close(server);
        }
    }

    /** @param patienceMillis how long a port that is dialled may still be shut; Apache's leaders open theirs when they lead */
    Relays(int patienceMillis) {
        this.patienceMillis = patienceMillis;
    }

    /**
     * Opens the ports where one server dials another.
     *
     * @param quorum   port of the one that is dialled
     * @param election likewise
     */
    void open(Way way, int quorum, int election) throws IOException {
        ports.put(way, new int[] {listen(way, quorum, false), listen(way, election, true)});
    }

    int quorum(Way way) {
        return ports.get(way)[0];
    }

    int election(Way way) {
        return ports.get(way)[1];
    }

    private int listen(Way way, int target, boolean isElection) throws IOException {
        ServerSocket listener = new ServerSocket(FreePorts.one(), WAITING_MAX, InetAddress.getLoopbackAddress());
        listeners.add(listener);
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket dialler = listener.accept();
                    Thread.ofVirtual().start(() -> connect(way, dialler, target, isElection));
                } catch (IOException e) {
                    close(listener); // as close() has done already
                }
            }
        });
        return listener.getLocalPort();
    }

    private void connect(Way way, Socket dialler, int target, boolean isElection) {
        try {
            if (!mayConnect(way)) {
                dialler.close();
                return;
            }
            Socket server = dial(target);
            dialler.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Pair pair = new Pair(way, dialler, server);
            pairs.add(pair);
            if (isElection) passHello(way, dialler, server);
            Thread.ofVirtual().start(() -> pump(way, dialler, server));
            pump(way.back(), server, dialler);
            pairs.remove(pair);
        } catch (IOException e) {
            close(dialler); // the server is not there, and this is how its dialler hears of it
        } catch (InterruptedException e) {
            close(dialler);
            Thread.currentThread().interrupt();
        }
    }

    /** A relay has taken the connection, so its dialler does not try again where the server itself would have refused it. */
    private Socket dial(int target) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patienceMillis * 1_000_000L;
        while (true) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), target);
            } catch (ConnectException refused) {
                if (System.nanoTime() >= deadline) throw refused;
                Thread.sleep(DIAL_EACH_MILLIS);
            }
        }
    }

    /**
     * Who is dialled by a smaller sid dials back; Apache's server where the hello says, so that has to be a port of ours as well: sid
     * and version of the hello, i64 each, then {@code host:port}, with an i32 length before it. All our ports have five digits.
     */
    private void passHello(Way way, Socket dialler, Socket server) throws IOException {
        var in = new DataInputStream(dialler.getInputStream()); // reads no more than it is asked for
        byte[] start = in.readNBytes(2 * Long.BYTES);
        byte[] address = in.readNBytes(in.readInt());
        String text = new String(address, StandardCharsets.UTF_8);
        String passed = text.substring(0, text.lastIndexOf(':') + 1) + election(way.back());
        var out = new ByteArrayOutputStream();
        var data = new DataOutputStream(out);
        data.write(start);
        data.writeInt(passed.length());
        data.writeBytes(passed);
        server.getOutputStream().write(out.toByteArray());
    }

    /** A connection needs both ways. */
    private synchronized boolean mayConnect(Way way) throws InterruptedException {
        while (cut.contains(way) || cut.contains(way.back())) {
            if (refuses) return false;
            wait();
        }
        return true;
    }

    private void pump(Way way, Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
                awaitOpen(way);
                out.write(buffer, 0, n);
            }
            awaitOpen(way);
        } catch (IOException e) {
            close(from); // nobody reads what it sends any more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(to);
        }
    }

    /** A connection that broke has ended. */
    private static int read(InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            return -1;
        }
    }

    private synchronized void awaitOpen(Way way) throws InterruptedException {
        while (cut.contains(way)) wait();
    }

    @Override
    public void cut(Set<Way> ways, boolean breaks) {
        synchronized (this) {
            cut.addAll(ways);
            refuses = breaks;
        }
        if (!breaks) return;
        for (Pair pair : pairs) {
            if (ways.contains(pair.way) || ways.contains(pair.way.back())) pair.close();
        }
    }

    @Override
    public synchronized void heal() {
        cut.clear();
        notifyAll();
    }

    @Override
    public void close() {
        listeners.forEach(Relays::close);
        pairs.forEach(Pair::close);
        heal();
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException("a socket cannot be closed", e);
        }
    }
}
