package dev.paddock.sidecar.znode;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.client.CreateMode;
import dev.paddock.sidecar.http.Problem;
import dev.paddock.sidecar.http.Refused;
import dev.paddock.sidecar.http.Request;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.Perms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/znodes/{path}}; everything may be left out. */
record Creation(
        @Nullable JsonNode value,
        @Nullable String base64,
        @Nullable Mode mode,
        @Nullable Boolean sequential,
        @Nullable String ttl,
        @Nullable List<Entry> acl) {
    private static final String PERMS = "rwcda"; // in the order of the bits
    private static final Duration TTL_MAX = Duration.ofMillis((1L << 40) - 1);

    static final Creation PLAIN = new Creation(null, null, null, null, null, null);

    /** How long it lives. */
    enum Mode {
        @JsonProperty("persistent")
        PERSISTENT,
        @JsonProperty("ephemeral")
        EPHEMERAL,
        @JsonProperty("container")
        CONTAINER
    }

    /** Who may do what: {@code perms} are letters of {@code cdrwa}. */
    record Entry(
            @Nullable String scheme,
            @Nullable String id,
            @Nullable String perms) {
        Acl acl() {
            if (scheme == null || id == null || perms == null)
                throw new Refused(Problem.badRequest("an entry of acl has scheme, id and perms"));
            int bits = 0;
            for (int i = 0; i < perms.length(); i++) {
                int bit = PERMS.indexOf(perms.charAt(i));
                if (bit < 0) throw new Refused(Problem.badRequest("perms are letters of cdrwa"));
                bits |= 1 << bit;
            }
            return new Acl(bits & Perms.ALL, new Id(scheme, id));
        }
    }

    byte[] data() {
        return Data.of(value, base64);
    }

    List<Acl> acls() {
        return acl == null ? Acl.OPEN_UNSAFE : acl.stream().map(Entry::acl).toList();
    }

    boolean isSequential() {
        return sequential != null && sequential;
    }

    Optional<Duration> timeToLive() {
        if (ttl == null) return Optional.empty();
        Duration duration = Request.duration("ttl", ttl);
        if (duration.toMillis() < 1 || duration.compareTo(TTL_MAX) > 0)
            throw new Refused(Problem.badRequest("ttl must be from 1ms to " + TTL_MAX.toDays() + " days"));
        if (mode != null && mode != Mode.PERSISTENT)
            throw new Refused(Problem.badRequest("ttl goes with the persistent mode only"));
        return Optional.of(duration);
    }

    CreateMode createMode() {
        return switch (mode == null ? Mode.PERSISTENT : mode) {
            case PERSISTENT -> isSequential() ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT;
            case EPHEMERAL -> isSequential() ? CreateMode.EPHEMERAL_SEQUENTIAL : CreateMode.EPHEMERAL;
            case CONTAINER -> {
                if (isSequential()) throw new Refused(Problem.badRequest("a container is not sequential"));
                yield CreateMode.CONTAINER;
            }
        };
    }
}
