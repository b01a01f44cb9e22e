package dev.paddock.client;

import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.Extensions;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.WatcherEvent;
import dev.paddock.wire.Writer;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that does what a test says, for what a real one does too rarely: one script for each connection, the last for all further ones. */
final class ScriptedServer implements AutoCloseable {
    /** What happens on one connection; the connection is closed at its end. */
    @FunctionalInterface
    interface Script {
        void run(Connection connection) throws IOException;
    }

    private static final Logger log = LoggerFactory.getLogger(ScriptedServer.class);

    private final ServerSocket socket;
    private final List<Script> scripts;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();

    private ScriptedServer(ServerSocket socket, List<Script> scripts) {
        this.socket = socket;
        this.scripts = scripts;
    }

    static ScriptedServer start(Script... scripts) {
        try {
            var server =
                    new ScriptedServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), List.of(scripts));
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until the client closes. */
    static void silence(Connection connection) throws IOException {
        while (true) {
            connection.read();
        }
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private void accept() {
        for (int i = 0; !socket.isClosed(); i++) {
            Script script = scripts.get(Math.min(i, scripts.size() - 1));
            try {
                Socket accepted = socket.accept();
                open.add(accepted);
                Thread.ofVirtual().start(() -> run(script, accepted));
            } catch (IOException _) {
                return; // closed at the end of the test
            }
        }
    }

    private static void run(Script script, Socket accepted) {
        try (accepted) {
            script.run(new Connection(accepted));
        } catch (IOException e) {
            log.debug("the client closed, as good an end of a script as any: {}", e.toString());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Closeable connection : open) {
            connection.close();
        }
    }

    /** A request as it came. */
    record Received(RequestHeader header, Request request) {}

    /** The server's end of a connection. */
    static final class Connection {
        private final DataInputStream in;
        private final DataOutputStream out;

        Connection(Socket socket) throws IOException {
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        /** Shakes hands: any session asked for is given, and session 7 to who has none. */
        ConnectRequest accept(int timeoutMillis) throws IOException {
            ConnectRequest hello = ConnectRequest.read(new Reader(frame()));
            answer(timeoutMillis, hello.sessionId() == 0 ? 7 : hello.sessionId());
            return hello;
        }

        /** Likewise, as a server that knows our extensions. */
        void acceptExtended(int timeoutMillis) throws IOException {
            ConnectRequest hello = ConnectRequest.read(new Reader(frame()));
            answer(
                    timeoutMillis,
                    hello.sessionId() == 0 ? 7 : hello.sessionId(),
                    Extensions.agreed(hello.protocolVersion()));
        }

        /** Answers a handshake as Apache ZooKeeper does. */
        void answer(int timeoutMillis, long sessionId) throws IOException {
            answer(timeoutMillis, sessionId, 0);
        }

        private void answer(int timeoutMillis, long sessionId, int protocolVersion) throws IOException {
            send(w -> new ConnectResponse(protocolVersion, timeoutMillis, sessionId, new byte[16], Optional.of(false))
                    .write(w));
        }

        /** The next request. */
        Received read() throws IOException {
            var body = new Reader(frame());
            RequestHeader header = RequestHeader.read(body);
            return new Received(header, Request.read(header.type(), body));
        }

        /** The next so many requests. */
        List<Received> read(int count) throws IOException {
            var all = new ArrayList<Received>();
            for (int i = 0; i < count; i++) {
                all.add(read());
            }
            return all;
        }

        void reply(Received to, long zxid, int err, Consumer<Writer> body) throws IOException {
            send(w -> {
                new ReplyHeader(to.header().xid(), zxid, err).write(w);
                body.accept(w);
            });
        }

        void event(int type, String path, long zxid) throws IOException {
            send(w -> {
                new ReplyHeader(RequestHeader.NOTIFICATION_XID, zxid, 0).write(w);
                new WatcherEvent(type, WatcherEvent.SYNC_CONNECTED, path).write(w);
            });
        }

        byte[] frame() throws IOException {
            return in.readNBytes(in.readInt());
        }

        private void send(Consumer<Writer> body) throws IOException {
            var w = new Writer(64);
            body.accept(w);
            out.writeInt(w.length());
            out.write(w.toByteArray());
            out.flush();
        }
    }
}
