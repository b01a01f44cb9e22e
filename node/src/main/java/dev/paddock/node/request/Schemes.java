package dev.paddock.node.request;

import java.util.Optional;

/**
 * Which authentication schemes this server knows, and what it believes of each: the part of Apache ZooKeeper 3.9's system
 * properties that decides over ACLs. The scheme {@code ip} is always known. An entry of an unknown scheme grants nothing
 * and may not be set.
 *
 * @param skipAcl        whether everybody may do everything ({@code skipACL=yes})
 * @param digest         {@code DigestAuthenticationProvider.enabled}
 * @param sasl           whether there is a SASL login, or an {@code authProvider.N} names the class
 * @param x509           whether there is a TLS port, or an {@code authProvider.N} names the class
 * @param ensemble       whether an {@code authProvider.N} names the class
 * @param x509SuperUser  subject DN that may do everything ({@code X509AuthenticationProvider.superUser})
 * @param anySaslUserDoes id of an entry of scheme {@code sasl} that any SASL user matches ({@code letAnySaslUserDoX})
 */
public record Schemes(
        boolean skipAcl,
        boolean digest,
        boolean sasl,
        boolean x509,
        boolean ensemble,
        Optional<String> x509SuperUser,
        Optional<String> anySaslUserDoes) {

    /** Those of a server without any configuration. */
    public static final Schemes DEFAULT =
            new Schemes(false, true, false, false, false, Optional.empty(), Optional.empty());

    /** Whether a client can prove anything by this scheme. */
    public boolean knows(String scheme) {
        return switch (scheme) {
            case "ip" -> true;
            case "digest" -> digest;
            case "sasl" -> sasl;
            case "x509" -> x509;
            case "ensemble" -> ensemble;
            default -> false;
        };
    }
}
