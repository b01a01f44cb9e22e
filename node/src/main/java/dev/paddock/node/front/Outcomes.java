package dev.paddock.node.front;

import dev.paddock.node.tree.Outcome;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Response;
import dev.paddock.wire.Writer;
import java.util.ArrayList;
import java.util.List;

/** Writes what a transaction came to as the body of the reply to its request. */
final class Outcomes {
    private Outcomes() {}

    /** Writes the body and returns the error for the header; there is no body then. */
    static int write(Writer w, int requestType, Outcome outcome) {
        if (outcome instanceof Outcome.Failed(int error)) {
            return error;
        }
        if (outcome instanceof Outcome.PathAndStat(var path, var stat) && requestType == OpCode.CREATE) {
            w.writeString(path);
            return 0;
        }
        body(outcome).write(w);
        return 0;
    }

    private static Response body(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Multi(List<Outcome> outcomes) -> {
                var results = new ArrayList<Response.Result>(outcomes.size());
                for (Outcome each : outcomes) {
                    results.add(result(each));
                }
                yield new Response.Multi(results);
            }
            case Outcome.SessionCreated created -> new Response.Empty();
            case Outcome.SessionClosed closed -> new Response.Empty();
            case Outcome.Deleted deleted -> new Response.Empty();
            case Outcome.Reconfigured(var config, var stat) -> new Response.Reconfig(config, stat);
            default -> result(outcome);
        };
    }

    private static Response.Result result(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Path(var path) -> new Response.Create(path);
            case Outcome.PathAndStat(var path, var stat) -> new Response.Create2(path, stat);
            case Outcome.StatOnly(var stat) -> new Response.SetData(stat);
            case Outcome.Deleted deleted -> new Response.Deleted();
            case Outcome.Checked checked -> new Response.Checked();
            case Outcome.Failed(int error) -> new Response.Failed(error);
            case Outcome.Reconfigured alone -> new Response.Failed(ErrorCode.UNIMPLEMENTED.code());
            case Outcome.Multi nested -> new Response.Failed(ErrorCode.UNIMPLEMENTED.code());
            case Outcome.SessionCreated created -> new Response.Failed(ErrorCode.UNIMPLEMENTED.code());
            case Outcome.SessionClosed closed -> new Response.Failed(ErrorCode.UNIMPLEMENTED.code());
        };
    }
}
