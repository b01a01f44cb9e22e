package dev.paddock.node.front;

import dev.paddock.node.request.Schemes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How clients may prove who they are; the names in brackets are Apache ZooKeeper 3.9's keys.
 *
 * @param schemes         which schemes there are
 * @param digestAlgorithm of the scheme {@code digest}, a name that {@link java.security.MessageDigest} knows ({@code
 *                        DigestAuthenticationProvider.digestAlg})
 * @param superDigest     {@code user:hash} of whom may do everything ({@code DigestAuthenticationProvider.superDigest})
 * @param ensembleNames   what a client of the scheme {@code ensemble} may think this ensemble is called; empty if anything
 *                        ({@code ensembleAuthName})
 * @param requiredSchemes a client must have proved itself by one of these before it may ask anything; nothing is required
 *                        if there are none ({@code enforce.auth.schemes}, {@code sessionRequireClientSASLAuth})
 * @param sasl            the way to SASL; empty if there is none, then a client that tries it goes on as nobody
 * @param saslSuperUsers  users of SASL that may do everything ({@code superUser})
 * @param letsFailedSaslStay whether a client may go on as nobody after its exchange failed ({@code allowSaslFailedClients})
 */
public record AuthConfig(
        Schemes schemes,
        String digestAlgorithm,
        Optional<String> superDigest,
        Optional<Set<String>> ensembleNames,
        List<String> requiredSchemes,
        Optional<SaslLogin> sasl,
        Set<String> saslSuperUsers,
        boolean letsFailedSaslStay) {

    /** That of a server without any configuration. */
    public static final AuthConfig DEFAULT = new AuthConfig(
            Schemes.DEFAULT, "SHA1", Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Set.of(), false);
}
