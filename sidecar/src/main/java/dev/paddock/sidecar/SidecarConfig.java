package dev.paddock.sidecar;

import dev.paddock.client.ConnectString;
import dev.paddock.sidecar.ensemble.TlsFiles;
import dev.paddock.sidecar.http.Listen;
import dev.paddock.sidecar.projection.Projection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a sidecar is to run.
 *
 * @param servers        the ensemble as {@code host:port,…[/chroot]}
 * @param tls            how servers are spoken to; empty for plainly
 * @param listen         the API: a loopback address or a unix socket
 * @param admin          health, metrics and status; read-only, so it may be reachable from outside
 * @param zkListen       where ZooKeeper clients of the pod connect: a loopback address; empty for no proxy
 * @param stateDir       where session, leases and the last known config are kept over restarts; empty for nowhere
 * @param sessionTimeout to ask the ensemble for
 * @param identity       the holder's name for callers that give none
 * @param projections    subtrees to keep as files, each in a folder of its own
 */
public record SidecarConfig(
        String servers,
        Optional<TlsFiles> tls,
        Listen listen,
        Listen.Tcp admin,
        Optional<Listen.Tcp> zkListen,
        Optional<Path> stateDir,
        Duration sessionTimeout,
        String identity,
        List<Projection> projections) {

    /** @throws IllegalArgumentException naming what is wrong */
    public SidecarConfig {
        ConnectString.parse(servers);
        if (listen instanceof Listen.Tcp tcp && !tcp.isLoopback())
            throw new IllegalArgumentException(
                    "the API listens on a loopback address or a unix socket only, not on " + tcp.address());
        zkListen.filter(tcp -> !tcp.isLoopback()).ifPresent(tcp -> {
            throw new IllegalArgumentException(
                    "the ZooKeeper proxy listens on a loopback address only, not on " + tcp.address());
        });
        if (!sessionTimeout.isPositive()) throw new IllegalArgumentException("the session timeout must be above 0");
        if (identity.isBlank()) throw new IllegalArgumentException("the identity must not be empty");
        projections = List.copyOf(projections);
        for (int one = 0; one < projections.size(); one++) {
            for (int other = 0; other < projections.size(); other++) {
                if (one != other
                        && projections
                                .get(one)
                                .folder()
                                .startsWith(projections.get(other).folder()))
                    throw new IllegalArgumentException("two projections share a folder: "
                            + projections.get(one).folder() + " and "
                            + projections.get(other).folder());
            }
        }
    }

    /** Everything as in a pod: API on 127.0.0.1:2190, admin on :2191, no proxy, no state, 10 seconds, the host's name. */
    public static SidecarConfig of(String servers) {
        return new SidecarConfig(
                servers,
                Optional.empty(),
                Listen.parse("127.0.0.1:2190"),
                Listen.tcp("127.0.0.1:2191"),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(10),
                Optional.ofNullable(System.getenv("HOSTNAME"))
                        .filter(name -> !name.isBlank())
                        .orElse("localhost"),
                List.of());
    }

    /** The same with servers that speak TLS. */
    public SidecarConfig withTls(TlsFiles files) {
        return new SidecarConfig(
                servers, Optional.of(files), listen, admin, zkListen, stateDir, sessionTimeout, identity, projections);
    }

    /** The same with the API elsewhere. */
    public SidecarConfig withListen(Listen other) {
        return new SidecarConfig(servers, tls, other, admin, zkListen, stateDir, sessionTimeout, identity, projections);
    }

    /** The same with the admin port elsewhere. */
    public SidecarConfig withAdmin(Listen.Tcp other) {
        return new SidecarConfig(
                servers, tls, listen, other, zkListen, stateDir, sessionTimeout, identity, projections);
    }

    /** The same with a ZooKeeper proxy. */
    public SidecarConfig withZkListen(Listen.Tcp address) {
        return new SidecarConfig(
                servers, tls, listen, admin, Optional.of(address), stateDir, sessionTimeout, identity, projections);
    }

    /** The same with a folder for state. */
    public SidecarConfig withStateDir(Path folder) {
        return new SidecarConfig(
                servers, tls, listen, admin, zkListen, Optional.of(folder), sessionTimeout, identity, projections);
    }

    /** The same with another session timeout. */
    public SidecarConfig withSessionTimeout(Duration timeout) {
        return new SidecarConfig(servers, tls, listen, admin, zkListen, stateDir, timeout, identity, projections);
    }

    /** The same under another name. */
    public SidecarConfig withIdentity(String name) {
        return new SidecarConfig(servers, tls, listen, admin, zkListen, stateDir, sessionTimeout, name, projections);
    }

    /** The same with these projections. */
    public SidecarConfig withProjections(List<Projection> wanted) {
        return new SidecarConfig(servers, tls, listen, admin, zkListen, stateDir, sessionTimeout, identity, wanted);
    }
}
