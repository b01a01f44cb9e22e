package dev.paddock.operator.cluster;

import dev.paddock.client.Reconfiguration;
import dev.paddock.operator.migration.Presence;
import dev.paddock.operator.planner.Membership;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.Optional;

/**
 * The servers of an ensemble, by the addresses of their pods. All calls block, for a few seconds at most; who does not answer in
 * time counts as one that does not answer.
 */
public interface Servers {

    /**
     * Where a server is reached.
     *
     * @param tls how to speak with it; empty: without TLS
     */
    record Place(String host, Optional<SslContext> tls) {}

    /** What the server says of itself; empty if nobody answers, or it serves nobody. */
    Optional<Report> report(Place server);

    /** Who the members are by the configuration that this server has committed last; empty if it does not say. */
    Optional<Membership> members(Place server);

    /**
     * Has a transaction written through this server that changes nothing. The zxid that a new leader shows at first is none that
     * others could have applied.
     *
     * @return whether it was
     */
    boolean ring(Place server);

    /** All that is checked before members change their engine. */
    Presence presence(Place server);

    /**
     * Changes the members, if their configuration still has the version named.
     *
     * @param any servers to ask, any of them
     * @return why it was not done, or may not have been; empty if it was
     */
    Optional<String> reconfigure(List<Place> any, Reconfiguration change, String password);

    /** Has this leader pass leadership on; gives what {@link #reconfigure} gives. */
    Optional<String> handOver(String host, String password);

    /** Real servers, over TCP. */
    static Servers overTcp() {
        return new TcpServers();
    }
}
