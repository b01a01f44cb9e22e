package dev.paddock.node.config;

import java.util.Optional;

/**
 * How the members speak TLS with each other: at the ports for votes, for learners and for observers. To change a running ensemble, let
 * all take both first, then dial by TLS, then take nothing else.
 *
 * @param dials      whether this server dials by TLS ({@code sslQuorum}), rather than only take it
 * @param takesPlain whether it takes links without TLS as well ({@code portUnification})
 */
public record SecureMembers(boolean dials, boolean takesPlain, Tls tls) {

    /** Empty if they do not. */
    static Optional<SecureMembers> read(Settings settings) throws ConfigException {
        boolean dials = settings.bool("sslQuorum", false);
        boolean takesBoth = settings.bool("portUnification", false);
        if (!dials && !takesBoth) return Optional.empty();
        return Optional.of(new SecureMembers(dials, takesBoth, Tls.ofMembers(settings)));
    }
}
