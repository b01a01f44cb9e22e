package dev.paddock.node.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paddock.wire.Acl;
import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.Response;
import dev.paddock.wire.Writer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import org.jspecify.annotations.Nullable;

/** A client that writes down, line by line, what it gets: the same script against two servers gives two lists to compare. */
final class Transcript implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private final List<String> lines;
    private int xid;

    /** A client with a session. */
    Transcript(Socket socket, List<String> lines) throws IOException {
        this.socket = socket;
        this.lines = lines;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        var w = new Writer(64);
        new ConnectRequest(0, 0, 20_000, 0, new byte[16], Optional.of(false)).write(w);
        send(w);
        lines.add(receive() == null ? "no session" : "session");
    }

    Transcript auth(String scheme, @Nullable String token) throws IOException {
        byte[] bytes = token == null ? null : token.getBytes(UTF_8);
        request(-4, new Request.Auth(0, scheme, bytes));
        return answer("auth " + scheme + " " + token);
    }

    /** Any body at all. */
    Transcript raw(int xidOfIt, int type, byte... body) throws IOException {
        var w = new Writer(64);
        new RequestHeader(xidOfIt, type).write(w);
        w.raw(body, 0, body.length);
        send(w);
        return answer("raw " + type + " " + HexFormat.of().formatHex(body));
    }

    Transcript ask(Request request) throws IOException {
        request(++xid, request);
        return answer(request.toString());
    }

    Transcript create(String path, Acl... acl) throws IOException {
        return ask(new Request.Create(path, new byte[0], List.of(acl), 0));
    }

    static Acl acl(int perms, String scheme, String id) {
        return new Acl(perms, new Id(scheme, id));
    }

    /** Whether the znode can be read; without what differs by nature. */
    Transcript canRead(String path) throws IOException {
        request(++xid, new Request.GetData(path, false));
        Reader reply = receive();
        lines.add("read " + path + ": "
                + (reply == null ? "closed" : ReplyHeader.read(reply).err()));
        return this;
    }

    Transcript getAcl(String path) throws IOException {
        request(++xid, new Request.GetAcl(path));
        Reader reply = receive();
        ReplyHeader header = reply == null ? null : ReplyHeader.read(reply);
        String shown = header == null ? "closed" : "err " + header.err();
        if (reply != null && header != null && header.err() == 0) {
            shown = ((Response.GetAcl) Response.read(OpCode.GET_ACL, reply))
                    .acl()
                    .toString();
        }
        lines.add("acl of " + path + ": " + shown);
        return this;
    }

    /** Proves by DIGEST-MD5 to be somebody. */
    Transcript login(String user, String password, @Nullable String actsAs) throws IOException {
        SaslClient client = Sasl.createSaslClient(
                new String[] {"DIGEST-MD5"}, actsAs, "zookeeper", "zk-sasl-md5", Map.of(), callbacks -> {
                    for (var callback : callbacks) {
                        switch (callback) {
                            case NameCallback name -> name.setName(user);
                            case PasswordCallback secret -> secret.setPassword(password.toCharArray());
                            case RealmCallback realm -> realm.setText(realm.getDefaultText());
                            default -> throw new IllegalArgumentException(callback.toString());
                        }
                    }
                });
        byte[] challenge = sasl(new byte[0]);
        if (challenge == null) return this;
        byte[] last = sasl(client.evaluateChallenge(challenge));
        if (last != null) client.evaluateChallenge(last);
        lines.add("mutual: " + client.isComplete());
        return this;
    }

    /** One token; its answer without what differs by nature. */
    byte @Nullable [] sasl(byte @Nullable [] token) throws IOException {
        request(++xid, new Request.Sasl(token));
        Reader reply = receive();
        if (reply == null) {
            lines.add("sasl: closed");
            return null;
        }
        ReplyHeader header = ReplyHeader.read(reply);
        byte[] answer = reply.readBuffer("token");
        lines.add("sasl: " + header + " " + (answer == null ? "null" : masked(answer)));
        return header.err() == 0 ? answer : null;
    }

    private void request(int xidOfIt, Request request) throws IOException {
        var w = new Writer(256);
        new RequestHeader(xidOfIt, request.opCode()).write(w);
        request.write(w);
        send(w);
    }

    private Transcript answer(String what) throws IOException {
        Reader reply = receive();
        String shown = "closed";
        if (reply != null) {
            ReplyHeader header = ReplyHeader.read(reply);
            String zxid = header.zxid() > 0 ? "some" : Long.toString(header.zxid());
            shown = "xid " + header.xid() + " zxid " + zxid + " err " + header.err() + " body "
                    + masked(reply.readRest());
        }
        lines.add(what + ": " + shown);
        return this;
    }

    /** Without what differs by nature. */
    private static String masked(byte[] bytes) {
        return new String(bytes, ISO_8859_1)
                .replace('\0', '.')
                .replaceAll("nonce=\"[^\"]*\"", "nonce")
                .replaceAll("rspauth=\\w+", "rspauth");
    }

    private void send(Writer w) throws IOException {
        var framed = new Writer(w.length() + 4);
        framed.writeInt(w.length());
        framed.raw(w.array(), 0, w.length());
        try {
            socket.getOutputStream().write(framed.toByteArray());
        } catch (SocketException e) {
            if (!socket.isInputShutdown())
                socket.shutdownInput(); // closed by the server: how soon that is noticed differs from run to run
        }
    }

    /** Null once the server has closed. */
    private @Nullable Reader receive() throws IOException {
        try {
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            return new Reader(frame);
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    static List<String> lines() {
        return new ArrayList<>();
    }
}
