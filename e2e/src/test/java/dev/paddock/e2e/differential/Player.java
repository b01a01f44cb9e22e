package dev.paddock.e2e.differential;

import dev.paddock.wire.Acl;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.Request;
import dev.paddock.wire.Stat;
import dev.paddock.wire.Writer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plays streams against one ensemble, one after the other. After each step every connection asks for a mark, so that what is
 * heard belongs to a step for certain, and what one session has written is what the others see next, on any member.
 */
final class Player implements AutoCloseable {
    private static final Step.Hello PLAIN = new Step.Hello(0, 0, 100_000, Step.Password.RIGHT, 0);
    private static final int OWN = -1; // slot

    private record Session(long id, byte @Nullable [] password) {}

    private final Ensemble ensemble;
    private final List<Client> own =
            new ArrayList<>(); // one of each member; the first makes a stream's folder and looks at it in the end
    private final TreeMap<Integer, Client> clients = new TreeMap<>(); // by slot
    private final List<Session> sessions = new ArrayList<>(); // of the stream
    private final List<Long> sessionIds = new ArrayList<>();
    private int streams;
    private Masks masks;
    private long newest; // zxid that somebody has seen in the stream

    Player(Ensemble ensemble) throws IOException {
        this.ensemble = ensemble;
        this.masks = new Masks(ensemble, sessionIds, 0);
        for (int member = 0; member < ensemble.size(); member++) {
            var client = new Client(ensemble.connect(member, null));
            own.add(client);
            client.hello(PLAIN, 0, new byte[16], masks, frame -> {});
            prove(client, frame -> {});
        }
        ask(new Request.Auth(0, "digest", RandomValues.BOB));
        ask(new Request.Auth(0, "digest", "alice:x".getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Plays a stream in a folder that is not there yet.
     *
     * @return what was heard in each step, and last what the tree came to
     */
    List<List<Heard>> play(List<Step> stream, String folder) throws IOException {
        newest = 0;
        streams++;
        sessions.clear();
        sessionIds.clear();
        masks = new Masks(ensemble, sessionIds, 0);
        long base = ask(new Request.Create(folder, new byte[0], Acl.OPEN_UNSAFE, 0))
                .getLast()
                .zxid();
        masks = new Masks(ensemble, sessionIds, base);
        List<List<Heard>> heard = new ArrayList<>();
        for (Step step : stream) {
            heard.add(new ArrayList<>(step(step)));
            if (ensemble.size() == 1) heard.getLast().add(creations());
        }
        List<Heard> end = new ArrayList<>();
        marks(null, end);
        end(end);
        heard.add(end);
        catchUp(0);
        heard.add(tree(folder));
        heard.add(List.of(creations()));
        return heard;
    }

    private List<Heard> step(Step step) throws IOException {
        List<Heard> heard = new ArrayList<>();
        Client mine = clients.get(step.slot());
        if (step instanceof Step.Connect back && back.session() >= 0) marks(null, heard);
        switch (step) {
            case Step.Connect connect -> mine = connect(connect, heard);
            case Step.Drop drop -> leave(clients.remove(step.slot()));
            case Step.Burst(int slot, List<Ask> asks) -> {
                if (mine == null || !mine.isOpen()) return heard;
                boolean proves = asks.stream().anyMatch(Ask::isProof);
                List<Heard> mixed = new ArrayList<>();
                Consumer<Frame> out = into(proves ? mixed : heard, slot);
                if (asks.getLast().mayClose()) mine.sendLast(asks, masks.base(), masks, out);
                else mine.send(asks, masks.base());
                mine.hear(masks, newest, out);
                heard.addAll(withoutChance(mixed));
            }
            case Step.Login login -> {
                if (mine == null || !mine.isOpen()) return heard;
                login(mine, login, into(heard, step.slot()));
            }
        }
        if (mayConcernOthers(step)) marks(mine, heard);
        return heard;
    }

    /**
     * What was heard while the client proved who it is: when the answer to that comes among the others is a matter of chance, and
     * so is whether changes before it are told to whom the client was or to whom it is.
     */
    private static List<Heard> withoutChance(List<Heard> mixed) {
        List<Heard> proofs = new ArrayList<>();
        List<Heard> others = new ArrayList<>();
        for (Heard each : mixed) {
            Frame frame = each.frame();
            if (frame.kind() == Frame.Kind.EVENT) continue;
            (frame.ask() != null && frame.ask().isProof() ? proofs : others).add(each);
        }
        proofs.addAll(others);
        return proofs;
    }

    /**
     * Whether the others are asked for marks now. Where one server tells everybody everything in one order, what they are told of
     * a burst may also be heard later, but before something closes their connections: what is sent to a closed one may take
     * along what was not heard yet.
     */
    private boolean mayConcernOthers(Step step) {
        return ensemble.size() > 1
                || switch (step) {
                    case Step.Connect connect -> true;
                    case Step.Burst(int slot, List<Ask> asks) -> asks.getLast().mayClose();
                    case Step.Login login -> false;
                    case Step.Drop drop -> false;
                };
    }

    private void login(Client mine, Step.Login step, Consumer<Frame> out) throws IOException {
        var login = new Login(step);
        mine.sendLast(List.of(login.first()), masks.base(), masks, out);
        mine.hear(masks, newest, out);
        byte[] challenge = mine.challenge();
        if (challenge == null || !mine.isOpen()) return;
        mine.sendLast(List.of(login.next(challenge)), masks.base(), masks, out);
        mine.hear(masks, newest, out);
    }

    private Client connect(Step.Connect connect, List<Heard> heard) throws IOException {
        leave(clients.remove(connect.slot()));
        catchUp(connect.member() % ensemble.size());
        var client = new Client(ensemble.connect(connect.member(), address()));
        clients.put(connect.slot(), client);
        Session session = switch (connect.session()) {
            case Step.Connect.NEW -> new Session(0, new byte[16]);
            case Step.Connect.UNKNOWN -> new Session(0x0123456789abcdefL, new byte[16]);
            default ->
                sessions.isEmpty() ? new Session(0, new byte[16]) : sessions.get(connect.session() % sessions.size());
        };
        if (ensemble.size() > 1) leave(session.id());
        Consumer<Frame> out = into(heard, connect.slot());
        client.hello(hello(connect, session.id()), session.id(), session.password(), masks, out);
        if (client.isOpen() && client.sessionId != 0 && !sessionIds.contains(client.sessionId)) {
            sessions.add(new Session(client.sessionId, client.password));
            sessionIds.add(client.sessionId);
        }
        prove(client, out);
        if (client.isOpen()) {
            client.send(List.of(), masks.base());
            client.hear(masks, newest, out);
        }
        return client;
    }

    /** Says who it is, where nothing goes without. */
    private void prove(Client client, Consumer<Frame> out) throws IOException {
        if (!ensemble.arena().mustProve() || !client.isOpen()) return;
        client.send(List.of(encoded(new Request.Auth(0, "digest", RandomValues.BOB))), masks.base());
        client.hear(masks, newest, out);
    }

    /** Where a failed login makes those wait that come from the same place, no two streams do. */
    private @Nullable String address() {
        return ensemble.arena().hasLogins() ? "127.1." + ((streams >> 8) & 0xff) + "." + ((streams & 0xff) | 1) : null;
    }

    /** Who says a wrong password is not to find the session connected, unless it is about that: see {@link KnownDifferences}. */
    private Step.Hello hello(Step.Connect connect, long session) {
        boolean isRight = isConnected(session) && !connect.evenIfConnected();
        return isRight ? connect.hello().withPassword(Step.Password.RIGHT) : connect.hello();
    }

    /** A member that lags behind closes the connection of a client which has seen more, or whose session it is about to close. */
    private void catchUp(int member) throws IOException {
        if (ensemble.size() == 1) return;
        own.get(member).send(List.of(), masks.base());
        hear(own.get(member), frame -> {});
    }

    /**
     * Closes the connection of a session that goes to another member. What Apache's members tell one that is left behind is a
     * matter of chance.
     */
    private void leave(long session) {
        for (Client each : clients.values()) if (session != 0 && each.sessionId == session) each.leave();
    }

    private boolean isConnected(long session) {
        return connected(session) != null;
    }

    private @Nullable Client connected(long session) {
        for (Client each : clients.values()) if (each.isOpen() && each.sessionId == session) return each;
        return null;
    }

    private Consumer<Frame> into(List<Heard> heard, int slot) {
        return frame -> {
            if (tellsZxid(frame)) newest = Math.max(newest, frame.zxid());
            heard.add(new Heard(slot, frame));
        };
    }

    /** Not what Apache says to a createSession, which is no reply. */
    private static boolean tellsZxid(Frame frame) {
        return frame.kind() == Frame.Kind.EVENT
                || (frame.ask() != null && frame.ask().type() != OpCode.CREATE_SESSION);
    }

    /** Has all but one connection say what they have heard. */
    private void marks(@Nullable Client but, List<Heard> heard) throws IOException {
        for (Client each : clients.values()) if (each != but && each.isOpen()) each.send(List.of(), masks.base());
        for (var each : clients.entrySet()) {
            Client client = each.getValue();
            if (client == but || !client.isOpen()) continue;
            client.hear(masks, newest, into(heard, each.getKey()));
        }
    }

    /** Closes all sessions that are left, by number, each on its own connection if there is one. */
    private void end(List<Heard> heard) throws IOException {
        Consumer<Frame> out = into(heard, OWN);
        for (Session session : sessions) {
            Client client = connected(session.id());
            if (client == null) {
                catchUp(0);
                client = new Client(ensemble.connect(0, null));
                client.hello(PLAIN, session.id(), session.password(), masks, out);
                prove(client, out);
            }
            if (client.isOpen()) {
                client.sendLast(List.of(new Ask(1, OpCode.CLOSE_SESSION, new byte[0])), masks.base(), masks, out);
                client.hear(masks, newest, out);
            }
            client.close();
        }
        clients.values().forEach(Client::close);
        clients.clear();
    }

    /** All that is in the folder and limits it, from the top, level by level. */
    private List<Heard> tree(String folder) throws IOException {
        List<Heard> heard = new ArrayList<>();
        List<String> level = List.of(folder, "/zookeeper/quota" + folder);
        while (!level.isEmpty()) {
            List<Ask> asks = new ArrayList<>();
            for (String path : level) {
                asks.add(encoded(new Request.GetChildren2(path, false)));
                asks.add(encoded(new Request.GetData(path, false)));
                asks.add(encoded(new Request.GetAcl(path)));
            }
            List<Frame> frames = ask(asks);
            frames.forEach(frame -> heard.add(new Heard(OWN, frame)));
            List<String> below = new ArrayList<>();
            for (int i = 0; i < level.size(); i++) {
                Frame children = frames.get(3 * i);
                if (children.err() != 0) continue;
                for (String name : new Reader(children.body()).readStrings("names"))
                    below.add(level.get(i) + "/" + name);
            }
            level = below;
        }
        return heard;
    }

    /**
     * How many znodes the root has got so far, which names the next sequential one: streams make some of which they hear nothing,
     * since their connection closes.
     */
    private Heard creations() throws IOException {
        Frame root = ask(List.of(encoded(new Request.Sync("/")), encoded(new Request.Exists("/", false))))
                .get(1);
        Stat stat = Stat.read(new Reader(root.body()));
        var count = new Writer(4);
        count.writeInt(
                (stat.cversion() + stat.numChildren()) / 2); // what is shown is twice that without those that are there
        return new Heard(OWN, new Frame(Frame.Kind.REPLY, null, 0, 0, 0, count.toByteArray()));
    }

    private List<Frame> ask(Request request) throws IOException {
        return ask(List.of(encoded(request)));
    }

    private List<Frame> ask(List<Ask> asks) throws IOException {
        List<Frame> frames = new ArrayList<>();
        own.getFirst().send(asks, masks.base());
        hear(own.getFirst(), frames::add);
        return frames;
    }

    private void hear(Client client, Consumer<Frame> heard) throws IOException {
        client.hear(masks, newest, heard);
        if (!client.isOpen()) throw new IOException("lost the connection to " + ensemble.kind());
    }

    private static Ask encoded(Request request) {
        return Ask.of(request instanceof Request.Auth ? -4 : 1, request);
    }

    private static void leave(@Nullable Client client) {
        if (client != null) client.leave();
    }

    @Override
    public void close() {
        own.forEach(Client::close);
        clients.values().forEach(Client::close);
    }
}
