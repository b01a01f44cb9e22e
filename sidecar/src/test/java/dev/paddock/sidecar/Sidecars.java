package dev.paddock.sidecar;

import dev.paddock.sidecar.http.Listen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Sidecars on free ports. */
public final class Sidecars {
    private Sidecars() {}

    public static SidecarConfig config(String servers) {
        return SidecarConfig.of(servers)
                .withListen(Listen.parse("127.0.0.1:0"))
                .withAdmin(Listen.tcp("127.0.0.1:0"))
                .withSessionTimeout(Duration.ofSeconds(20))
                .withIdentity("test");
    }

    public static Sidecar start(String servers) {
        return start(config(servers));
    }

    public static Sidecar start(String servers, Path stateDir) {
        return start(config(servers).withStateDir(stateDir));
    }

    /** Starts one and waits until it has its session. */
    public static Sidecar start(SidecarConfig config) {
        try {
            Sidecar sidecar = Sidecar.start(config);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(sidecar::isReady);
            return sidecar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
