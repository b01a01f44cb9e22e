package dev.paddock.operator.config;

import dev.paddock.operator.Faults;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Between clients and a server. A transaction is a change that may fail: its connection is lost before the server has it, or after. */
final class Relay implements AutoCloseable {
    private static final int MULTI = 14;

    private final ServerSocket listening;
    private final String server;
    private final Supplier<Faults> faults;

    /** @param server as {@code host:port} */
    Relay(String server, Supplier<Faults> faults) throws IOException {
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.server = server;
        this.faults = faults;
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) { // by close
            return;
        }
    }

    private void serve(Socket client) {
        String[] address = server.split(":", 2);
        Set<Integer> transactions = ConcurrentHashMap.newKeySet(); // xids of those that were asked for
        try (client;
                var to = new Socket(address[0], Integer.parseInt(address[1]))) {
            Thread.ofVirtual()
                    .start(() -> pass(to, client, answer -> {
                        if (transactions.remove(answer.getInt(0))) faults.get().changed();
                    }));
            pass(client, to, request -> {
                if (request.getInt(Integer.BYTES) != MULTI) return;
                faults.get().changing();
                transactions.add(request.getInt(0));
            });
        } catch (IOException closed) { // by either side
            return;
        }
    }

    private interface Look {
        /** @throws RuntimeException if the frame is to be lost, and the connection with it */
        void at(ByteBuffer frame);
    }

    /** Frames, of which the first is the handshake's. */
    private static void pass(Socket from, Socket to, Look look) {
        try (from;
                to) {
            var in = new DataInputStream(from.getInputStream());
            var out = new DataOutputStream(to.getOutputStream());
            for (boolean opens = true; ; opens = false) {
                byte[] frame = in.readNBytes(in.readInt());
                if (!opens) look.at(ByteBuffer.wrap(frame));
                byte[] whole = ByteBuffer.allocate(Integer.BYTES + frame.length)
                        .putInt(frame.length)
                        .put(frame)
                        .array();
                out.write(whole);
            }
        } catch (IOException | Faults.Crash | Faults.Unreachable lost) { // the connection goes with it
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
