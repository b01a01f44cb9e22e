package dev.paddock.node.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.tree.Applied;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Outcome;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.Reader;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Stat;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every request goes to a real Apache ZooKeeper, over its port, and to our rules: the same errors, the same bodies. What
 * the first request of a seed finds is what those of the seeds before it left.
 */
class RequestsAgainstApacheTest {
    private static final int REQUESTS_PER_SEED = 400;
    private static final AclRules RULES = AclRules.byDefault();

    private static ZooKeeperServer server;
    private static NIOServerCnxnFactory ports;
    private static List<RawClient> clients;
    private static List<List<Id>> ids;
    private static Database database;

    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, 12);
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        System.setProperty("zookeeper.admin.enableServer", "false");
        server = new ZooKeeperServer(folder.toFile(), folder.toFile(), 60_000);
        ports = new NIOServerCnxnFactory();
        ports.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        ports.startup(server);
        database = Database.empty();
        clients = new ArrayList<>();
        ids = new ArrayList<>();
        Id address = new Id("ip", "127.0.0.1");
        join(List.of(address));
        join(List.of(address, new Id("digest", DigestAuthenticationProvider.generateDigest("bob:secret"))));
        clients.get(1).authenticate("bob:secret");
    }

    private static void join(List<Id> proved) throws Exception {
        var client = new RawClient(ports.getLocalPort(), 1_000_000);
        clients.add(client);
        ids.add(proved);
        long zxid = database.lastZxid() + 1;
        var txn = new Txn.CreateSession(client.timeoutMillis);
        database = database.apply(new TxnHeader(client.sessionId, 0, zxid, 0, txn.type()), txn)
                .after();
    }

    @AfterAll
    static void stop() throws Exception {
        for (RawClient client : clients) client.close();
        ports.shutdown();
        server.shutdown();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void answersAsApacheDoes(long seed) throws Exception {
        var requests = new RandomRequests(seed, ids.get(1));
        for (int i = 0; i < REQUESTS_PER_SEED; i++) {
            Request request = requests.next();
            if (request instanceof Request.Check) continue; // alone it closes the connection
            int who = requests.number(clients.size());
            RawClient.Reply theirs = clients.get(who).ask(request);
            Answer ours = ours(request, who);
            String what = request + " by " + who + " at " + database;
            assertThat(theirs.header().zxid()).as(what).isEqualTo(database.lastZxid());
            switch (ours) {
                case Answer.Refused(ErrorCode error) ->
                    assertThat(theirs.header().err()).as(what).isEqualTo(error.code());
                case Answer.Encoded(Writer body, ErrorCode error) -> {
                    assertThat(theirs.header().err()).as(what).isEqualTo(error.code());
                    Response our = Response.read(request.opCode(), new Reader(body.toByteArray()));
                    Response their = Response.read(request.opCode(), theirs.body());
                    assertThat(comparable(their)).as(what).isEqualTo(comparable(our));
                }
                case Answer.Reply(Response response) -> {
                    assertThat(theirs.header().err()).as(what).isZero();
                    Response their = Response.read(request.opCode(), theirs.body());
                    assertThat(comparable(their)).as(what).isEqualTo(comparable(response));
                }
            }
        }
    }

    private static Answer ours(Request request, int who) {
        long session = clients.get(who).sessionId;
        return switch (request) {
            case Request.SetAcl write -> write(write, session, ids.get(who));
            case Request.Multi write -> write(write, session, ids.get(who));
            case Request.Reconfig write -> write(write, session, ids.get(who));
            case Request.WriteOp write -> write(write, session, ids.get(who));
            default -> Reads.answer(database, request, session, RULES, ids.get(who));
        };
    }

    private static Answer write(Request request, long session, List<Id> proved) {
        var body = new Writer(100);
        request.write(body);
        var write = new Write(session, 1, request.opCode(), body.toByteArray(), proved);
        TxnRecord record = Preparer.prepare(database, write, RULES, database.lastZxid() + 1, 12345);
        TxnRecord parsed = TxnRecord.parse(record.toBytes());
        Applied applied = database.apply(parsed);
        database = applied.after();
        Outcome outcome = applied.outcome();
        if (outcome instanceof Outcome.Failed(int error)) return new Answer.Refused(ErrorCode.of(error));
        return new Answer.Reply(
                request instanceof Request.SetAcl
                        ? new Response.SetAcl(((Outcome.StatOnly) outcome).stat())
                        : response(outcome));
    }

    private static Response response(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Path(var path) -> new Response.Create(path);
            case Outcome.PathAndStat(var path, var stat) -> new Response.Create2(path, stat);
            case Outcome.StatOnly(var stat) -> new Response.SetData(stat);
            case Outcome.Deleted deleted -> new Response.Deleted();
            case Outcome.Checked checked -> new Response.Checked();
            case Outcome.Failed(int error) -> new Response.Failed(error);
            case Outcome.Multi(var results) ->
                new Response.Multi(results.stream()
                        .map(RequestsAgainstApacheTest::response)
                        .map(Response.Result.class::cast)
                        .toList());
            case Outcome.Reconfigured alone -> throw new AssertionError(alone);
            case Outcome.SessionCreated created -> throw new AssertionError(created);
            case Outcome.SessionClosed closed -> throw new AssertionError(closed);
        };
    }

    /** Without times, which are each server's own, and with names in order, of which there is none. */
    private static Object comparable(Response response) {
        return switch (response) {
            case Response.Create2(var path, var stat) -> List.of(path, timeless(stat));
            case Response.Exists(var stat) -> timeless(stat);
            case Response.GetData(var data, var stat) -> new Response.GetData(data, timeless(stat));
            case Response.SetData(var stat) -> timeless(stat);
            case Response.SetAcl(var stat) -> timeless(stat);
            case Response.GetAcl(var acl, var stat) -> new Response.GetAcl(acl, timeless(stat));
            case Response.GetChildren(var names) -> sorted(names);
            case Response.GetChildren2(var names, var stat) -> List.of(sorted(names), timeless(stat));
            case Response.GetEphemerals(var paths) -> sorted(paths);
            case Response.Multi(var results) ->
                results.stream().map(RequestsAgainstApacheTest::comparable).toList();
            case Response.WhoAmI(var ids) ->
                ids.stream().map(Id::toString).sorted().toList();
            case Response.Empty empty -> "done";
            case Response.Deleted deleted -> "done";
            default -> response;
        };
    }

    private static List<String> sorted(List<String> names) {
        return names.stream().sorted().toList();
    }

    private static Stat timeless(Stat s) {
        return new Stat(
                s.czxid(),
                s.mzxid(),
                0,
                0,
                s.version(),
                s.cversion(),
                s.aversion(),
                s.ephemeralOwner(),
                s.dataLength(),
                s.numChildren(),
                s.pzxid());
    }
}
