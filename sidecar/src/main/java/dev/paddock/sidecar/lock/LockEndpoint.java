package dev.paddock.sidecar.lock;

import dev.paddock.client.Client;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.ensemble.Link;
import dev.paddock.sidecar.ensemble.Unavailable;
import dev.paddock.sidecar.http.Problem;
import dev.paddock.sidecar.http.Refused;
import dev.paddock.sidecar.http.Request;
import dev.paddock.sidecar.http.Response;
import dev.paddock.sidecar.http.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code /v1/locks/{name}} and below. */
public final class LockEndpoint implements AutoCloseable {
    private static final Duration TTL_MIN = Duration.ofMillis(100);
    private static final Duration TTL_MAX = Duration.ofHours(24);
    private static final Duration WAIT_MAX = Duration.ofHours(24);
    private static final int HOLDER_MAX = 256;
    private static final long RELEASE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Ensemble ensemble;
    private final Leases leases;
    private final Recovery recovery;
    private final Locks locks;
    private final String self;

    /**
     * Starts to look after leases.
     *
     * @param self the holder's name for callers that give none
     */
    public LockEndpoint(Ensemble ensemble, Optional<Path> stateDir, ScheduledExecutorService clock, String self)
            throws IOException {
        this.ensemble = ensemble;
        this.self = self;
        leases = new Leases(LeaseFiles.in(stateDir), clock);
        recovery = new Recovery(leases);
        locks = new Locks(ensemble, leases);
        if (!ensemble.isResuming()) recovery.skip();
        ensemble.listen(this::linkChanged);
        Client client = ensemble.client();
        if (ensemble.isUp()) linkChanged(client, Link.UP);
    }

    private void linkChanged(Client client, Link link) {
        recovery.linkChanged(client, link);
        leases.linkChanged(client, link);
    }

    /** The operations, in the order of the reference. */
    public List<Route> routes() {
        String lock = "/v1/locks/{name}";
        return List.of(
                Route.of("PUT", lock, this::acquire, "wait"),
                Route.of("GET", lock, this::inspect),
                Route.of("DELETE", lock, this::release, "lease"),
                Route.of("POST", lock + "/renew", this::renew),
                Route.of("GET", lock + "/events", this::events),
                Route.of("POST", lock + "/hold", this::hold, "wait"),
                Route.of("POST", lock + "/verify", this::verify));
    }

    /** How many leases are held. */
    public int held() {
        return leases.count();
    }

    /** {@code PUT /v1/locks/{name}?wait=5s}: 200 and a lease, 409 held, 503 no quorum. */
    private Response acquire(Request request) throws InterruptedException {
        return switch (acquire(request, true)) {
            case Acquired.Granted(Lease lease) -> Response.json(200, granted(lease));
            case Acquired.Busy(LockState state) -> busy(state);
        };
    }

    /** {@code POST /v1/locks/{name}/hold?wait=5s}: a stream that holds the lock, 409 held, 503 no quorum. */
    private Response hold(Request request) throws InterruptedException {
        return switch (acquire(request, false)) {
            case Acquired.Granted(Lease lease) -> new Response.Events(new HoldStream(ensemble, leases, lease));
            case Acquired.Busy(LockState state) -> busy(state);
        };
    }

    private Acquired acquire(Request request, boolean handedOut) throws InterruptedException {
        LockRequest asked = request.body(LockRequest.class, () -> new LockRequest(null, null, null));
        Duration wait = request.query("wait", Duration.ZERO);
        if (wait.compareTo(WAIT_MAX) > 0) throw new Refused(Problem.badRequest("wait is at most 24h"));
        Wish wish = asked.wish(self, handedOut);
        recovery.await();
        return locks.acquire(request.path("name"), wish, wait);
    }

    /** {@code POST /v1/locks/{name}/renew}: 200 and the lease with its time started anew, 410 lost. */
    private Response renew(Request request) throws InterruptedException {
        String id =
                request.body(LeaseRequest.class, () -> new LeaseRequest(null)).required();
        recovery.await();
        Optional<Lease> lease = leases.renew(request.path("name"), id);
        return lease.isPresent() ? Response.json(200, granted(lease.get())) : lost(id);
    }

    /** {@code DELETE /v1/locks/{name}?lease=…}: 204 freed, 410 not the holder, 503 will be freed but is not yet. */
    private Response release(Request request) throws InterruptedException {
        String id = new LeaseRequest(request.query("lease").orElse(null)).required();
        recovery.await();
        Optional<Lease> lease = leases.valid(request.path("name"), id);
        if (lease.isEmpty()) return lost(id);
        try {
            Ensemble.await(leases.release(lease.get()), System.nanoTime() + RELEASE_NANOS);
        } catch (Unavailable _) {
            return Problem.mistake(503, "release-pending", "given back; it is freed when the ensemble can be reached")
                    .response();
        }
        return Response.empty(204);
    }

    private Response inspect(Request request) throws InterruptedException {
        return Response.json(200, locks.inspect(request.path("name")).json());
    }

    private Response events(Request request) throws InterruptedException {
        return new Response.Events(
                new LockStream(request.path("name"), ensemble, leases, request.lastEventId()).loaded());
    }

    /** {@code POST /v1/locks/{name}/verify}: whether a token is held now, for whatever the lock guards. */
    private Response verify(Request request) throws InterruptedException {
        long token =
                request.body(VerifyRequest.class, () -> new VerifyRequest(null)).required();
        LockState state = locks.inspect(request.path("name"));
        var answer = new LinkedHashMap<String, Object>();
        answer.put("valid", state.holders().stream().anyMatch(member -> member.fencingToken() == token));
        state.current().ifPresent(current -> answer.put("current", Long.toString(current)));
        return Response.json(200, answer);
    }

    private static Response busy(LockState state) {
        var more = new LinkedHashMap<>(state.json());
        more.remove("queue");
        return new Problem(409, "lock-held", "the lock is held by another", true, more).response();
    }

    private Response lost(String id) {
        return Problem.mistake(410, "lease-lost", leases.why(id)).response();
    }

    /** What a holder is told of its lease. */
    static Map<String, Object> granted(Lease lease) {
        var json = new LinkedHashMap<String, Object>();
        json.put("lease", lease.id());
        json.putAll(member(lease));
        json.put("expiresInMillis", lease.remaining(System.nanoTime()).toMillis());
        return json;
    }

    /** What anybody may know of a lease. */
    static Map<String, Object> member(Lease lease) {
        return new LockState.Member(lease.id(), lease.holder(), lease.mode(), lease.fencingToken()).json();
    }

    /** Gives all leases back, the newest first. */
    @Override
    public void close() {
        try {
            leases.releaseAll(System.nanoTime() + RELEASE_NANOS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the session's end frees the rest
        }
    }

    /** The body of PUT and hold; all of it may be left out. */
    record LockRequest(
            @Nullable String holder,
            @Nullable String ttl,
            @Nullable LockMode mode) {
        Wish wish(String self, boolean handedOut) {
            String name = holder == null ? self : holder;
            if (name.isEmpty() || name.length() > HOLDER_MAX || name.chars().anyMatch(Character::isISOControl))
                throw new Refused(Problem.badRequest("holder must be 1 to " + HOLDER_MAX + " printable characters"));
            Optional<Duration> duration = Optional.ofNullable(ttl).map(text -> Request.duration("ttl", text));
            if (duration.isPresent()
                    && (duration.get().compareTo(TTL_MIN) < 0 || duration.get().compareTo(TTL_MAX) > 0))
                throw new Refused(Problem.badRequest("ttl must be from 100ms to 24h"));
            return new Wish(name, mode == null ? LockMode.EXCLUSIVE : mode, duration, handedOut);
        }
    }

    /** The body of renew. */
    record LeaseRequest(@Nullable String lease) {
        String required() {
            if (lease == null || lease.isEmpty()) throw new Refused(Problem.badRequest("lease is required"));
            return lease;
        }
    }

    /** The body of verify. */
    record VerifyRequest(@Nullable String fencingToken) {
        long required() {
            if (fencingToken == null || !fencingToken.matches("\\d{1,18}"))
                throw new Refused(Problem.badRequest("fencingToken is required, a number as a string"));
            return Long.parseLong(fencingToken);
        }
    }
}
