package dev.paddock.node.tree;

import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Txn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What each kind of transaction does to an {@link Edit}: the table of Apache's {@code DataTree.processTxn}. */
final class Application {
    private static final int RUNTIME_INCONSISTENCY = ErrorCode.RUNTIME_INCONSISTENCY.code();

    private final Edit edit;
    private final long sessionId;

    Application(Edit edit, long sessionId) {
        this.edit = edit;
        this.sessionId = sessionId;
    }

    Outcome outcomeOf(Txn txn) {
        return switch (txn) {
            case Txn.Sub sub -> outcomeOf(sub);
            case Txn.Multi(List<Txn.Sub> subs) -> new Outcome.Multi(multi(subs));
            case Txn.SetAcl(var path, var acl, int aversion) ->
                result(edit.setAcl(path, acl, aversion), path, p -> statOnly());
            case Txn.Reconfig(var path, var data, int version) ->
                result(edit.setData(path, data, version), path, p -> reconfigured(data));
            case Txn.CreateSession(int timeoutMillis) -> {
                edit.createSession(sessionId, timeoutMillis);
                yield new Outcome.SessionCreated(timeoutMillis);
            }
            case Txn.CloseSession(var paths) -> {
                edit.closeSession(sessionId, paths);
                yield new Outcome.SessionClosed();
            }
        };
    }

    private Outcome outcomeOf(Txn.Sub txn) {
        return switch (txn) {
            case Txn.Create(var path, var data, var acl, boolean ephemeral, int parentCversion) ->
                result(
                        edit.create(path, data, acl, ephemeral ? sessionId : 0, parentCversion, true),
                        path,
                        Outcome.Path::new);
            case Txn.Create2(var path, var data, var acl, boolean ephemeral, int parentCversion) ->
                result(
                        edit.create(path, data, acl, ephemeral ? sessionId : 0, parentCversion, false),
                        path,
                        this::pathAndStat);
            case Txn.CreateContainer(var path, var data, var acl, int parentCversion) ->
                result(
                        edit.create(path, data, acl, Owner.CONTAINER_MARK, parentCversion, false),
                        path,
                        this::pathAndStat);
            case Txn.CreateTtl(var path, var data, var acl, int parentCversion, long ttlMillis) ->
                result(
                        edit.create(path, data, acl, Owner.ofTtl(ttlMillis), parentCversion, false),
                        path,
                        this::pathAndStat);
            case Txn.Delete(var path) -> result(edit.delete(path), path, p -> new Outcome.Deleted());
            case Txn.DeleteContainer(var path) -> result(edit.delete(path), path, p -> new Outcome.Deleted());
            case Txn.SetData(var path, var data, int version) ->
                result(edit.setData(path, data, version), path, p -> statOnly());
            case Txn.Check check -> new Outcome.Checked();
            case Txn.Error(int err) -> new Outcome.Failed(err);
        };
    }

    /** All of them, or none: with an error among them, what comes before it is 0 and what comes after it is -2. */
    private List<Outcome> multi(List<Txn.Sub> subs) {
        boolean failed = subs.stream().anyMatch(Txn.Error.class::isInstance);
        var results = new ArrayList<Outcome>(subs.size());
        boolean afterError = false;
        for (Txn.Sub sub : subs) {
            afterError |= sub instanceof Txn.Error;
            boolean applies = !failed || sub instanceof Txn.Error;
            results.add(applies ? outcomeOf(sub) : new Outcome.Failed(afterError ? RUNTIME_INCONSISTENCY : Edit.OK));
        }
        return List.copyOf(results);
    }

    private static Outcome result(int error, String path, Function<String, Outcome> success) {
        return error == Edit.OK ? success.apply(path) : new Outcome.Failed(error);
    }

    private Outcome statOnly() {
        return new Outcome.StatOnly(Database.stat(edit.made(), edit.rules));
    }

    private Outcome reconfigured(byte @Nullable [] config) {
        return new Outcome.Reconfigured(config, Database.stat(edit.made(), edit.rules));
    }

    private Outcome pathAndStat(String path) {
        return new Outcome.PathAndStat(path, Database.stat(edit.made(), edit.rules));
    }
}
