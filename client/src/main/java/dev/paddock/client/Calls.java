package dev.paddock.client;

import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Stat;
import dev.paddock.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of operations: for each the request that goes out, and what comes of the answer. Immutable; used by callers' threads. */
final class Calls {
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

    private Request.Create2 createRequest(String path, byte[] data, List<Acl> acl, CreateMode mode) {
        Paths.check(mode.isSequential() ? path + "0" : path);
        return new Request.Create2(Paths.toServer(chroot, path), data, acl, mode.flags());
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
