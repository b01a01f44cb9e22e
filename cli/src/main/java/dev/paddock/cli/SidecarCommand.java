package dev.paddock.cli;

import dev.paddock.sidecar.Sidecar;
import dev.paddock.sidecar.SidecarConfig;
import dev.paddock.sidecar.ensemble.TlsFiles;
import dev.paddock.sidecar.http.Listen;
import dev.paddock.sidecar.projection.Projection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code paddock sidecar}: the API on localhost, until a signal ends it. */
@Command(
        name = "sidecar",
        mixinStandardHelpOptions = true,
        description = "Serve locks, config and services on localhost, over HTTP.",
        footer = {
            "",
            "It starts whether or not the ensemble can be reached. On SIGTERM it gives back what it holds.",
            "",
            "Examples:",
            "  paddock sidecar --servers zk-0:2181,zk-1:2181,zk-2:2181 --state-dir /var/lib/paddock",
            "  paddock sidecar --servers 127.0.0.1:21811 --listen unix:/run/paddock.sock --zk-listen 127.0.0.1:2181",
            "  paddock sidecar --servers 127.0.0.1:21811 --project /app=/etc/app",
            "  paddock sidecar --servers zk-0:2281,zk-1:2281 --tls-trust /etc/ssl/zk-ca.pem"
        })
final class SidecarCommand implements Callable<Integer> {
    @Option(
            names = "--servers",
            required = true,
            paramLabel = "HOST:PORT,…",
            description = "Servers of the ensemble, with a chroot if you like.")
    private String servers = "";

    @Option(
            names = "--tls-trust",
            paramLabel = "FILE",
            description =
                    "Speak TLS with the servers; they have a certificate of one of these authorities, in PEM, for the"
                            + " host that --servers names (default: no TLS).")
    private Optional<Path> tlsTrust = Optional.empty();

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description = "What servers are shown that ask for it: the sidecar's own certificate, in PEM.")
    private Optional<Path> tlsCertificate = Optional.empty();

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The key of that certificate, in PEM, PKCS#8.")
    private Optional<Path> tlsKey = Optional.empty();

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1:2190",
            description = "The API: a loopback address or unix:PATH (default: ${DEFAULT-VALUE}).")
    private String listen = "";

    @Option(
            names = "--admin",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1:2191",
            description = "Health and status (default: ${DEFAULT-VALUE}).")
    private String admin = "";

    @Option(
            names = "--zk-listen",
            paramLabel = "ADDRESS",
            description = "A port for ZooKeeper clients, such as 127.0.0.1:2181 (default: none).")
    private Optional<String> zkListen = Optional.empty();

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Where session and leases stay, so that locks outlive a crash (default: nowhere).")
    private Optional<Path> stateDir = Optional.empty();

    @Option(
            names = "--project",
            paramLabel = "/ZNODE=/FOLDER",
            description = "Keep a subtree as files of that folder; may be given several times.")
    private List<String> projections = List.of();

    SidecarCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Sidecar sidecar;
        try {
            sidecar = Sidecar.start(config());
        } catch (IllegalArgumentException | IOException failed) {
            throw new CommandFailed("sidecar: " + failed.getMessage(), failed);
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(sidecar::close));
        new CountDownLatch(1).await(); // until a signal ends the process
        return 0;
    }

    private SidecarConfig config() throws IOException {
        SidecarConfig config =
                SidecarConfig.of(servers).withListen(Listen.parse(listen)).withAdmin(Listen.tcp(admin));
        if (tlsTrust.isPresent()) config = config.withTls(TlsFiles.open(tlsTrust.get(), ownKey()));
        else if (ownKey().isPresent())
            throw new IllegalArgumentException("--tls-certificate needs --tls-trust, so that there is TLS");
        if (zkListen.isPresent()) config = config.withZkListen(Listen.tcp(zkListen.get()));
        if (stateDir.isPresent()) config = config.withStateDir(stateDir.get());
        return config.withProjections(
                projections.stream().map(Projection::parse).toList());
    }

    private Optional<TlsFiles.OwnKey> ownKey() {
        if (tlsCertificate.isPresent() != tlsKey.isPresent())
            throw new IllegalArgumentException("--tls-certificate and --tls-key go together");
        return tlsCertificate.map(certificate -> new TlsFiles.OwnKey(certificate, tlsKey.get()));
    }
}
