package dev.paddock.node.net;

import dev.paddock.node.config.Tls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** TLS for clients. Who connects after the files have changed meets the new ones, and sessions that are there go on. */
public final class ClientTls implements AutoCloseable {
    private final Tls config;
    private final TlsReload reload;
    private volatile @Nullable SslContext context;

    /**
     * Reads the files.
     *
     * @throws IOException if one of them is missing or of another form, or the password is wrong
     */
    public static ClientTls open(Tls config) throws IOException {
        return new ClientTls(config);
    }

    private ClientTls(Tls config) throws IOException {
        this.config = config;
        this.reload = new TlsReload(config, "new clients", () -> context = TlsContexts.accepting(config));
    }

    /** What speaks TLS on one connection. */
    SslHandler handler(ByteBufAllocator allocator, InetSocketAddress remote) {
        // The address as text, so that whoever verifies it has nothing to look up.
        SslHandler handler = Objects.requireNonNull(context)
                .newHandler(allocator, remote.getAddress().getHostAddress(), remote.getPort(), TlsContexts.HANDSHAKES);
        if (config.verifiesClientHost()) {
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            handler.engine().setSSLParameters(parameters);
        }
        return handler;
    }

    @Override
    public void close() {
        reload.close();
    }
}
