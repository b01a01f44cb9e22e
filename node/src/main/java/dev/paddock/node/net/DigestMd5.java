package dev.paddock.node.net;

import dev.paddock.node.front.SaslLogin;
import java.util.Map;
import java.util.function.Supplier;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SASL by DIGEST-MD5 (RFC 2831), the mechanism of the JDK with the names that Apache ZooKeeper's clients expect: service
 * {@code zookeeper}, server {@code zk-sasl-md5}. It computes only, so it may run on a client loop.
 *
 * <p>MD5 is old. It hides the password from who listens and no more, so it belongs on a TLS port. Apache ZooKeeper's own
 * client refuses it while {@code fips-mode} is on; its server, like this one, does not.
 */
public final class DigestMd5 implements SaslLogin {
    private static final Logger LOG = LoggerFactory.getLogger(DigestMd5.class);
    private static final String MECHANISM = "DIGEST-MD5";

    private final Map<String, Supplier<String>> passwords;

    /** @param passwords user to password; suppliers, so that no map of passwords is ever printed */
    public DigestMd5(Map<String, Supplier<String>> passwords) {
        this.passwords = passwords;
    }

    @Override
    public Exchange begin() {
        try {
            SaslServer server =
                    Sasl.createSaslServer(MECHANISM, "zookeeper", "zk-sasl-md5", null, this.new Callbacks());
            if (server == null) throw new IllegalStateException("this Java has no " + MECHANISM);
            return token -> next(server, token);
        } catch (SaslException e) {
            throw new IllegalStateException("this Java cannot do " + MECHANISM, e);
        }
    }

    private static Step next(SaslServer server, byte[] token) {
        try {
            byte[] answer = server.evaluateResponse(token);
            if (server.isComplete()) return new Step.Proved(server.getAuthorizationID(), answer);
            return answer == null ? new Step.Failed() : new Step.Challenge(answer);
        } catch (SaslException | IllegalStateException e) {
            LOG.debug("SASL failed: {}", e.getMessage());
            return new Step.Failed();
        }
    }

    /** Answers what the mechanism asks in one exchange. */
    private final class Callbacks implements CallbackHandler {
        private @Nullable String user; // whom the client claims to be, if we know him

        @Override
        public void handle(Callback[] callbacks) {
            for (Callback callback : callbacks) {
                switch (callback) {
                    case NameCallback name -> name(name);
                    case PasswordCallback password -> password(password);
                    case RealmCallback realm -> realm.setText(realm.getDefaultText());
                    case AuthorizeCallback authorize -> authorize(authorize);
                    default -> LOG.debug("{} asks for {}", MECHANISM, callback.getClass());
                }
            }
        }

        private void name(NameCallback asked) {
            String claimed = asked.getDefaultName();
            if (!passwords.containsKey(claimed)) return;
            user = claimed;
            asked.setName(claimed);
        }

        private void password(PasswordCallback asked) {
            Supplier<String> password = user == null ? null : passwords.get(user);
            if (password != null) asked.setPassword(password.get().toCharArray());
        }

        /** Whoever the client wants to act as: it acts as whom it has proved to be, as with Apache ZooKeeper. */
        private void authorize(AuthorizeCallback asked) {
            asked.setAuthorized(true);
            asked.setAuthorizedID(asked.getAuthenticationID());
        }
    }
}
