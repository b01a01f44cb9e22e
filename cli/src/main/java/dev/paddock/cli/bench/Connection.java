package dev.paddock.cli.bench;

import dev.paddock.client.ConnectString;
import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.Writer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * One session. Replies come in the order of the requests, so all it keeps of a request is when it was sent. A reply must have
 * the xid that is due, no error, and a zxid not below the one before. Owned by the thread of the load.
 */
final class Connection implements AutoCloseable {
    private static final int CONNECT_MILLIS_MAX = 5_000;
    private static final int SESSION_MILLIS = 30_000;
    private static final int CONNECT_RESPONSE_BYTES_MAX = 1024;
    private static final int LENGTH_BYTES = 4;
    private static final int HEADER_BYTES = 16;
    private static final int FRAME_BYTES_MAX = 4 << 20;
    private static final int BUFFER_BYTES = 16 << 10;

    private final ConnectString.Server server;
    private final SocketChannel channel;
    private final Tally tally;
    private final long[] sentNanos; // by xid modulo depth
    private final SelectionKey key;
    private ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private int lastSent; // xids count from 1
    private int lastAnswered;
    private long lastZxid;

    private Connection(ConnectString.Server server, SocketChannel channel, Selector selector, int depth, Tally tally)
            throws IOException {
        this.server = server;
        this.channel = channel;
        this.tally = tally;
        this.sentNanos = new long[depth];
        channel.configureBlocking(false);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /**
     * Opens a session.
     *
     * @throws IOException if the server cannot be reached or gives none; the message names it
     */
    static Connection open(ConnectString.Server server, Selector selector, int depth, Tally tally) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(new InetSocketAddress(server.host(), server.port()), CONNECT_MILLIS_MAX);
            channel.socket().setSoTimeout(CONNECT_MILLIS_MAX);
            openSession(channel);
            return new Connection(server, channel, selector, depth, tally);
        } catch (IOException e) {
            channel.close();
            String why = e instanceof EOFException ? "it serves no clients now" : String.valueOf(e.getMessage());
            throw new IOException("no session at " + server + ": " + why, e);
        }
    }

    private static void openSession(SocketChannel channel) throws IOException {
        var w = new Writer(64);
        w.writeInt(0);
        new ConnectRequest(0, 0, SESSION_MILLIS, 0, new byte[16], Optional.of(false)).write(w);
        w.setInt(0, w.length() - LENGTH_BYTES);
        channel.socket().getOutputStream().write(w.toByteArray());
        var in = new DataInputStream(channel.socket().getInputStream());
        int length = in.readInt();
        if (length < 0 || length > CONNECT_RESPONSE_BYTES_MAX) throw new IOException("it speaks another protocol");
        byte[] answer = new byte[length];
        in.readFully(answer);
        if (ConnectResponse.read(new Reader(answer, 0, length)).sessionId() == 0) throw new EOFException();
    }

    int underWay() {
        return lastSent - lastAnswered;
    }

    /** Asks while there is something to ask and fewer requests are under way than may be. */
    void ask(Work work, long nowNanos) throws IOException {
        while (underWay() < sentNanos.length) {
            Frame frame = work.next(nowNanos);
            if (frame == null) break;
            put(frame.bytes(++lastSent));
            sentNanos[lastSent % sentNanos.length] = nowNanos;
        }
        send();
    }

    private void put(byte[] bytes) {
        if (out.remaining() < bytes.length) {
            out = enlarged(out.flip(), out.limit() + bytes.length);
        }
        out.put(bytes);
    }

    private static ByteBuffer enlarged(ByteBuffer full, int needed) {
        return ByteBuffer.allocateDirect(Math.max(needed, 2 * full.capacity())).put(full);
    }

    private void send() throws IOException {
        if (out.position() == 0) return;
        out.flip();
        channel.write(out);
        out.compact();
        int interest = out.position() == 0 ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != interest) key.interestOps(interest);
    }

    /**
     * Takes the replies that have come, and sends what is left to send.
     *
     * @throws IOException if the connection is gone; the message names the server
     */
    void ready() throws IOException {
        try {
            if (key.isWritable()) send();
            if (!key.isReadable()) return;
            if (channel.read(in) < 0) {
                if (underWay() > 0) throw new IOException("it closed the connection");
                close(); // as after closeSession; whoever asks for more hears of it
                return;
            }
        } catch (IOException e) {
            throw new IOException("lost " + server + ": " + e.getMessage(), e);
        }
        in.flip();
        long nowNanos = System.nanoTime();
        while (in.remaining() >= LENGTH_BYTES) {
            int length = in.getInt(in.position());
            if (length < HEADER_BYTES || length > FRAME_BYTES_MAX) {
                throw new IOException(server + " sent a frame of " + length + " bytes");
            }
            if (in.remaining() < LENGTH_BYTES + length) {
                if (in.capacity() < LENGTH_BYTES + length) {
                    in = enlarged(in, LENGTH_BYTES + length);
                    return;
                }
                break;
            }
            reply(in.position() + LENGTH_BYTES, nowNanos);
            in.position(in.position() + LENGTH_BYTES + length);
        }
        in.compact();
    }

    private void reply(int at, long nowNanos) {
        int xid = in.getInt(at);
        long zxid = in.getLong(at + 4);
        int error = in.getInt(at + 12);
        int due = ++lastAnswered;
        if (xid != due) {
            tally.failed(server + " answered xid " + xid + " where " + due + " was due");
        } else if (error != 0) {
            tally.failed(server + " answered " + ErrorCode.of(error));
        } else if (zxid < lastZxid) {
            tally.failed(
                    server + " fell from zxid 0x" + Long.toHexString(lastZxid) + " to 0x" + Long.toHexString(zxid));
        } else {
            lastZxid = zxid;
            tally.answered(nowNanos - sentNanos[xid % sentNanos.length]);
        }
    }

    @Override
    public String toString() {
        return server.toString();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
