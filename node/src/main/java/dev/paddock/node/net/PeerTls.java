package dev.paddock.node.net;

import dev.paddock.node.config.SecureMembers;
import dev.paddock.node.config.Tls;
import dev.paddock.node.members.Address;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Objects;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** TLS among the members. Links that are made after the files have changed meet the new ones, and those that stand go on. */
public final class PeerTls implements AutoCloseable {
    private final SecureMembers config;
    private final TlsReload reload;
    private volatile @Nullable SslContext accepting;
    private volatile @Nullable SslContext dialling;

    /**
     * Reads the files.
     *
     * @throws IOException if one of them is missing or of another form, or the password is wrong
     */
    public static PeerTls open(SecureMembers config) throws IOException {
        return new PeerTls(config);
    }

    private PeerTls(SecureMembers config) throws IOException {
        this.config = config;
        this.reload = new TlsReload(config.tls(), "new links between members", this::read);
    }

    private void read() throws IOException {
        SslContext forDialling = TlsContexts.dialling(config.tls());
        accepting = TlsContexts.accepting(config.tls());
        dialling = forDialling;
    }

    boolean dials() {
        return config.dials();
    }

    /** Comes first on a link that somebody else dialled. */
    ChannelHandler accepting(Channel channel) {
        return config.takesPlain() ? new TlsOrPlain(() -> forAccepting(channel), () -> {}) : forAccepting(channel);
    }

    private SslHandler forAccepting(Channel channel) {
        return Objects.requireNonNull(accepting).newHandler(channel.alloc(), TlsContexts.HANDSHAKES);
    }

    /** Comes first on a link that is dialled here. */
    SslHandler dialling(Channel channel, Address to, int handshakeMillis) {
        SslHandler handler = Objects.requireNonNull(dialling)
                .newHandler(channel.alloc(), to.host(), to.port(), TlsContexts.HANDSHAKES);
        handler.setHandshakeTimeoutMillis(handshakeMillis);
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(config.tls().verifiesServerHost() ? "HTTPS" : "");
        handler.engine().setSSLParameters(parameters);
        return handler;
    }

    /** Whether who came in may be the member at {@code host}: its certificate names that host, as far as one is asked for. */
    boolean isOf(Channel channel, String host) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (handler == null) return config.takesPlain();
        if (!config.tls().verifiesClientHost()) return true;
        try {
            var certificate = (X509Certificate) handler.engine().getSession().getPeerCertificates()[0];
            return CertificateHosts.names(certificate, host);
        } catch (SSLPeerUnverifiedException none) {
            return config.tls().clientAuth() != Tls.ClientAuth.NEED;
        }
    }

    /** Whether a certificate has shown that who came in is the member at {@code host}. */
    boolean isProved(Channel channel, String host) {
        return channel.pipeline().get(SslHandler.class) != null
                && config.tls().verifiesClientHost()
                && config.tls().clientAuth() == Tls.ClientAuth.NEED
                && isOf(channel, host);
    }

    @Override
    public void close() {
        reload.close();
    }
}
