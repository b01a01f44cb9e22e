package dev.paddock.sidecar.config;

import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.client.Created;
import dev.paddock.client.Done;
import dev.paddock.client.Reply;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Stat;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Writes keys. A write without a condition is tried again after a lost connection, since it may be done twice; one with a condition
 * is not, and its outcome is then {@link Written.Unknown}.
 */
final class ConfigWriter {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    private final Ensemble ensemble;

    ConfigWriter(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    Written put(String path, byte[] data, ETags.Condition condition) throws InterruptedException {
        return switch (condition) {
            case ETags.Condition.None _ -> put(path, data);
            case ETags.Condition.Absent _ -> create(path, data);
            case ETags.Condition.Match match -> replace(path, data, match);
        };
    }

    private Written put(String path, byte[] data) throws InterruptedException {
        while (true) {
            switch (ensemble.ask(ANSWER_MAX, client -> client.setData(path, data, Client.ANY_VERSION))) {
                case Reply.Ok<Stat> stat -> {
                    return new Written.Stored(200, stat.value().mzxid());
                }
                case Reply.Refused<Stat> refused
                when refused.error() == ErrorCode.NO_NODE -> {
                    Written created = create(path, data);
                    if (created instanceof Written.Stored || created instanceof Written.Denied) return created;
                }
                case Reply.Refused<Stat> refused -> {
                    return denied(refused.error());
                }
            }
        }
    }

    private Written create(String path, byte[] data) throws InterruptedException {
        while (true) {
            Optional<Reply<Created>> reply = once(client -> client.create(path, data, CreateMode.PERSISTENT));
            if (reply.isEmpty()) return new Written.Unknown();
            switch (reply.get()) {
                case Reply.Ok<Created> created -> {
                    return new Written.Stored(201, created.value().stat().mzxid());
                }
                case Reply.Refused<Created> refused
                when refused.error() == ErrorCode.NODE_EXISTS -> {
                    return new Written.Conflict("it exists");
                }
                case Reply.Refused<Created> refused
                when refused.error() == ErrorCode.NO_NODE -> {
                    Optional<ErrorCode> error = createParents(path);
                    if (error.isPresent()) return denied(error.get());
                }
                case Reply.Refused<Created> refused -> {
                    return denied(refused.error());
                }
            }
        }
    }

    private Optional<ErrorCode> createParents(String path) throws InterruptedException {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            String parent = path.substring(0, slash);
            Reply<Created> reply =
                    ensemble.ask(ANSWER_MAX, client -> client.create(parent, new byte[0], CreateMode.PERSISTENT));
            if (reply instanceof Reply.Refused<Created> refused && refused.error() != ErrorCode.NODE_EXISTS)
                return Optional.of(refused.error());
        }
        return Optional.empty();
    }

    /**
     * ZooKeeper compares versions, not zxids: a znode deleted and created anew between our look and our write, with the same version, is
     * taken for the old one. The look is one round trip before the write.
     */
    private Written replace(String path, byte[] data, ETags.Condition.Match match) throws InterruptedException {
        Optional<Stat> stat = look(path);
        if (stat.isEmpty()) return new Written.Conflict("it does not exist");
        if (!match.holds(stat.get().mzxid()))
            return new Written.Conflict("it is now at " + stat.get().mzxid());
        Optional<Reply<Stat>> reply =
                once(client -> client.setData(path, data, stat.get().version()));
        if (reply.isEmpty()) return new Written.Unknown();
        return switch (reply.get()) {
            case Reply.Ok<Stat> after -> new Written.Stored(200, after.value().mzxid());
            case Reply.Refused<Stat> refused -> conflictOr(refused.error());
        };
    }

    Written delete(String path, ETags.Condition condition) throws InterruptedException {
        Optional<Stat> stat = look(path);
        if (stat.isEmpty())
            return condition instanceof ETags.Condition.Match
                    ? new Written.Conflict("it does not exist")
                    : new Written.Missing();
        int version = Client.ANY_VERSION;
        switch (condition) {
            case ETags.Condition.None _ -> {}
            case ETags.Condition.Absent _ -> {
                return new Written.Conflict("it exists");
            }
            case ETags.Condition.Match match -> {
                if (!match.holds(stat.get().mzxid()))
                    return new Written.Conflict("it is now at " + stat.get().mzxid());
                version = stat.get().version();
            }
        }
        int checked = version;
        Optional<Reply<Done>> reply = once(client -> client.delete(path, checked));
        if (reply.isEmpty()) return new Written.Unknown();
        return switch (reply.get()) {
            case Reply.Ok<Done> _ -> new Written.Deleted();
            case Reply.Refused<Done> refused when refused.error() == ErrorCode.NOT_EMPTY -> new Written.HasChildren();
            case Reply.Refused<Done> refused
            when refused.error() == ErrorCode.NO_NODE && checked == Client.ANY_VERSION -> new Written.Missing();
            case Reply.Refused<Done> refused -> conflictOr(refused.error());
        };
    }

    private Optional<Stat> look(String path) throws InterruptedException {
        return ensemble.ask(ANSWER_MAX, client -> {
                    var synced = client.sync(path);
                    return synced.thenCombine(client.exists(path), (_, exists) -> exists);
                })
                .value();
    }

    /** Sends a write once; empty if its outcome is not known. */
    private <T> Optional<Reply<T>> once(Function<Client, CompletableFuture<Reply<T>>> write)
            throws InterruptedException {
        return ensemble.once(ANSWER_MAX, write);
    }

    private static Written conflictOr(ErrorCode error) {
        return error == ErrorCode.BAD_VERSION || error == ErrorCode.NO_NODE
                ? new Written.Conflict("it was changed meanwhile")
                : denied(error);
    }

    private static Written denied(ErrorCode error) {
        return new Written.Denied("the ensemble refused it: " + error);
    }
}
