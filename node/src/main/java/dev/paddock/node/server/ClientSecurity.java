package dev.paddock.node.server;

import dev.paddock.node.config.Security;
import dev.paddock.node.front.AuthConfig;
import dev.paddock.node.front.SaslLogin;
import dev.paddock.node.net.DigestMd5;
import dev.paddock.node.request.Schemes;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What the configuration says of clients' identities, as the client port and the core need it. */
final class ClientSecurity {
    private ClientSecurity() {}

    /** What ACLs are judged by. */
    static Schemes schemes(Security security) {
        return new Schemes(
                security.skipAcl(),
                security.schemes().contains("digest"),
                security.schemes().contains("sasl"),
                security.schemes().contains("x509"),
                security.schemes().contains("ensemble"),
                security.x509SuperUser(),
                security.anySaslUserDoes());
    }

    /** How clients prove who they are. */
    static AuthConfig authConfig(Security security) {
        return new AuthConfig(
                schemes(security),
                security.digestAlgorithm(),
                security.superDigest(),
                security.ensembleNames(),
                security.requiredSchemes(),
                sasl(security),
                security.saslSuperUsers(),
                security.letsFailedSaslStay());
    }

    private static Optional<SaslLogin> sasl(Security security) {
        return security.saslUsers().map(users -> {
            var passwords = new TreeMap<String, Supplier<String>>();
            users.forEach((user, password) -> passwords.put(user, password::reveal));
            return new DigestMd5(passwords);
        });
    }
}
