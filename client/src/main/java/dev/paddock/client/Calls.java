package dev.paddock.client;

import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Extensions;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Stat;
import dev.paddock.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of operations: for each the request that goes out, and what comes of the answer. Immutable; used by callers' threads. */
final class Calls {
    private static final String CONFIG_PATH = "/zookeeper/config";
    private static final int TTL = 5; // flags of a create
    private static final int TTL_SEQUENTIAL = 6;
    private static final int WATCH_PERSISTENT = 0; // modes of addWatch
    private static final int WATCH_RECURSIVE = 1;

    private final String chroot;

    Calls(String chroot) {
        this.chroot = chroot;
    }

    String serverPath(String path) {
        Paths.check(path);
        return Paths.toServer(chroot, path);
    }

    Call<Created> create(String path, byte[] data, List<Acl> acl, CreateMode mode) {
        return write(createRequest(path, data, acl, mode), path, Call.valueOf(this::created));
    }

    Call<Done> delete(String path, int version) {
        return write(new Request.Delete(serverPath(path), version), path, Call.valueOf(_ -> Done.DONE));
    }

    Call<Optional<Stat>> exists(String path, Optional<Watcher> watcher) {
        var request = new Request.Exists(serverPath(path), watcher.isPresent());
        return read(request, path, watch(Call.WatchKind.DATA, path, watcher), (call, header, body) -> {
            if (header.err() == ErrorCode.NO_NODE.code()) {
                return new Reply.Ok<>(Optional.empty(), header.zxid());
            }
            return Call.valueOf(answer -> Optional.of(stat(answer))).decode(call, header, body);
        });
    }

    Call<NodeData> getData(String path, Optional<Watcher> watcher) {
        var request = new Request.GetData(serverPath(path), watcher.isPresent());
        return read(request, path, watch(Call.WatchKind.DATA, path, watcher), Call.valueOf(answer -> switch (answer) {
            case Response.GetData(byte[] data, Stat stat) -> new NodeData(data == null ? new byte[0] : data, stat);
            default -> throw unexpected(answer);
        }));
    }

    Call<Stat> setData(String path, byte[] data, int version) {
        return write(new Request.SetData(serverPath(path), data, version), path, Call.valueOf(Calls::stat));
    }

    Call<Children> getChildren(String path, Optional<Watcher> watcher) {
        var request = new Request.GetChildren2(serverPath(path), watcher.isPresent());
        return read(request, path, watch(Call.WatchKind.CHILD, path, watcher), Call.valueOf(answer -> switch (answer) {
            case Response.GetChildren2(List<String> names, Stat stat) -> new Children(names, stat);
            default -> throw unexpected(answer);
        }));
    }

    Call<ChildrenPage> getChildrenPage(String path, PageQuery query, Optional<Watcher> watcher) {
        String serverPath = serverPath(path);
        boolean watch = watcher.isPresent();
        var request = new Request.GetChildrenPage(serverPath, watch, query.cursor(), query.prefix(), query.limit());
        Call<ChildrenPage> call =
                read(request, path, watch(Call.WatchKind.CHILD, path, watcher), Call.valueOf(answer -> switch (answer) {
                    case Response.GetChildrenPage page -> page(page);
                    default -> throw unexpected(answer);
                }));
        return call.orWithout(
                Extensions.PAGED_CHILDREN,
                new Request.GetChildren2(serverPath, watch),
                Call.valueOf(answer -> switch (answer) {
                    case Response.GetChildren2(List<String> names, Stat stat) -> ChildrenPage.of(names, stat, query);
                    default -> throw unexpected(answer);
                }));
    }

    private static ChildrenPage page(Response.GetChildrenPage page) {
        if (!page.more()) {
            return new ChildrenPage(page.names(), page.stat(), Optional.empty());
        }
        String cursor = page.cursor();
        if (cursor == null && page.names().isEmpty()) {
            throw new WireException("getChildrenPage.cursor: null, and no name in its place");
        }
        return new ChildrenPage(
                page.names(),
                page.stat(),
                Optional.of(cursor == null ? page.names().getLast() : cursor));
    }

    Call<NodeAcl> getAcl(String path) {
        var request = new Request.GetAcl(serverPath(path));
        return read(request, path, Optional.empty(), Call.valueOf(answer -> switch (answer) {
            case Response.GetAcl(List<Acl> acl, Stat stat) -> new NodeAcl(acl, stat);
            default -> throw unexpected(answer);
        }));
    }

    Call<Stat> setAcl(String path, List<Acl> acl, int version) {
        return write(new Request.SetAcl(serverPath(path), acl, version), path, Call.valueOf(Calls::stat));
    }

    Call<Done> sync(String path) {
        return write(new Request.Sync(serverPath(path)), path, Call.valueOf(_ -> Done.DONE));
    }

    Call<List<OpResult>> multi(List<Op> ops) {
        List<Op> copy = List.copyOf(ops);
        var request = new Request.Multi(copy.stream().map(this::writeOp).toList());
        return write(request, "", (call, header, body) -> multiReply(copy, call, header, body));
    }

    Call<Created> createTtl(String path, byte[] data, List<Acl> acl, boolean sequential, long ttlMillis) {
        Paths.check(sequential ? path + "0" : path);
        int flags = sequential ? TTL_SEQUENTIAL : TTL;
        var request = new Request.CreateTtl(Paths.toServer(chroot, path), data, acl, flags, ttlMillis);
        return write(request, path, Call.valueOf(this::created));
    }

    Call<List<String>> getEphemerals(String prefix) {
        return read(new Request.GetEphemerals(serverPath(prefix)), prefix, Optional.empty(), Call.valueOf(answer -> {
            if (answer instanceof Response.GetEphemerals(List<String> paths)) {
                return paths.stream().map(path -> Paths.toClient(chroot, path)).toList();
            }
            throw unexpected(answer);
        }));
    }

    Call<Integer> getAllChildrenNumber(String path) {
        var request = new Request.GetAllChildrenNumber(serverPath(path));
        return read(request, path, Optional.empty(), Call.valueOf(answer -> switch (answer) {
            case Response.GetAllChildrenNumber(int number) -> number;
            default -> throw unexpected(answer);
        }));
    }

    Call<List<Id>> whoAmI() {
        return read(new Request.WhoAmI(), "", Optional.empty(), Call.valueOf(answer -> switch (answer) {
            case Response.WhoAmI(List<Id> ids) -> ids;
            default -> throw unexpected(answer);
        }));
    }

    Call<Done> addWatch(String path, boolean recursive, Watcher watcher) {
        var request = new Request.AddWatch(serverPath(path), recursive ? WATCH_RECURSIVE : WATCH_PERSISTENT);
        Call.WatchKind kind = recursive ? Call.WatchKind.RECURSIVE : Call.WatchKind.PERSISTENT;
        return read(request, path, watch(kind, path, Optional.of(watcher)), Call.valueOf(_ -> Done.DONE));
    }

    Call<Done> removeWatches(String path, WatchType type) {
        var request = new Request.RemoveWatches(serverPath(path), type.code());
        return read(request, path, Optional.empty(), Call.valueOf(_ -> Done.DONE));
    }

    /** Of the ensemble, whatever the chroot. */
    Call<Config> getConfig(Optional<Watcher> watcher) {
        var request = new Request.GetData(CONFIG_PATH, watcher.isPresent());
        Optional<Call.Watch> watch = watcher.map(w -> new Call.Watch(Call.WatchKind.DATA, CONFIG_PATH, w));
        return read(request, CONFIG_PATH, watch, Call.valueOf(Calls::config));
    }

    Call<Config> reconfig(Reconfiguration change) {
        var request = new Request.Reconfig(
                change.joining().orElse(null),
                change.leaving().orElse(null),
                change.members().orElse(null),
                change.fromVersion());
        return write(request, CONFIG_PATH, Call.valueOf(Calls::config));
    }

    private static Config config(Response answer) {
        return switch (answer) {
            case Response.GetData(byte[] data, Stat stat) -> new Config(text(data), stat);
            case Response.Reconfig(byte[] data, Stat stat) -> new Config(text(data), stat);
            default -> throw unexpected(answer);
        };
    }

    private static String text(byte[] data) {
        return data == null ? "" : new String(data, StandardCharsets.UTF_8);
    }

    static Call<Done> closeSession() {
        return new Call<>(new Request.CloseSession(), "", false, Optional.empty(), Call.valueOf(_ -> Done.DONE));
    }

    private static <T> Call<T> write(Request request, String path, Call.Decoder<T> decoder) {
        return new Call<>(request, path, true, Optional.empty(), decoder);
    }

    private static <T> Call<T> read(Request request, String path, Optional<Call.Watch> watch, Call.Decoder<T> decoder) {
        return new Call<>(request, path, false, watch, decoder);
    }

    private Optional<Call.Watch> watch(Call.WatchKind kind, String path, Optional<Watcher> watcher) {
        return watcher.map(w -> new Call.Watch(kind, serverPath(path), w));
    }

    private Request.WriteOp createRequest(String path, byte[] data, List<Acl> acl, CreateMode mode) {
        Paths.check(mode.isSequential() ? path + "0" : path);
        String serverPath = Paths.toServer(chroot, path);
        return mode == CreateMode.CONTAINER
                ? new Request.CreateContainer(serverPath, data, acl, mode.flags())
                : new Request.Create2(serverPath, data, acl, mode.flags());
    }

    private Request.WriteOp writeOp(Op op) {
        return switch (op) {
            case Op.Create(String path, byte[] data, List<Acl> acl, CreateMode mode) ->
                createRequest(path, data, acl, mode);
            case Op.SetData(String path, byte[] data, int version) ->
                new Request.SetData(serverPath(path), data, version);
            case Op.Delete(String path, int version) -> new Request.Delete(serverPath(path), version);
            case Op.Check(String path, int version) -> new Request.Check(serverPath(path), version);
        };
    }

    /** A refused multi is answered with an error for each operation: 0 before the refused one, its code, then -2 for those never tried. */
    private Reply<List<OpResult>> multiReply(List<Op> ops, Call<List<OpResult>> call, ReplyHeader header, Reader body) {
        if (header.err() != 0 && body.remaining() == 0) {
            return call.refused(header);
        }
        List<Response.Result> results = multiResults(body);
        if (results.size() != ops.size()) {
            throw new WireException("multi: " + results.size() + " results for " + ops.size() + " operations");
        }
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof Response.Failed(int err) && err != 0) {
                return new Reply.Refused<>(ErrorCode.of(err), ops.get(i).path(), i, header.zxid());
            }
        }
        var values = new ArrayList<OpResult>(results.size());
        results.forEach(result -> values.add(opResult(result)));
        return new Reply.Ok<>(List.copyOf(values), header.zxid());
    }

    private static List<Response.Result> multiResults(Reader body) {
        return switch (Response.read(OpCode.MULTI, body)) {
            case Response.Multi(List<Response.Result> results) -> results;
            case Response other -> throw unexpected(other);
        };
    }

    private OpResult opResult(Response.Result result) {
        return switch (result) {
            case Response.Create2 made -> created(made);
            case Response.SetData(Stat stat) -> new OpResult.DataSet(stat);
            case Response.Deleted() -> new OpResult.Deleted();
            case Response.Checked() -> new OpResult.Checked();
            default -> throw unexpected(result);
        };
    }

    private Created created(Response answer) {
        return switch (answer) {
            case Response.Create2(String path, Stat stat) -> new Created(Paths.toClient(chroot, path), stat);
            default -> throw unexpected(answer);
        };
    }

    private static Stat stat(Response answer) {
        return switch (answer) {
            case Response.Exists(Stat stat) -> stat;
            case Response.SetData(Stat stat) -> stat;
            case Response.SetAcl(Stat stat) -> stat;
            default -> throw unexpected(answer);
        };
    }

    private static WireException unexpected(Response answer) {
        return new WireException("an answer of another type: " + answer);
    }
}
