package dev.paddock.e2e.differential;

import java.util.List;
import java.util.stream.Stream;

/**
 * What two ensembles have alike.
 *
 * @param size      servers of each
 * @param config    lines of zoo.cfg, besides those that every server needs
 * @param hasLogins whether clients may log in by SASL, as one of {@link #USERS}
 * @param mustProve whether clients have to prove who they are before they ask for anything
 */
record Arena(int size, List<String> config, boolean hasLogins, boolean mustProve) {
    /** The section of the JAAS file. */
    static final String USERS = """
        Server {
          org.apache.zookeeper.server.auth.DigestLoginModule required
          user_bob="bobsecret" user_amy="amysecret";
        };
        """;

    private static final List<String> WITH_LOGINS =
            List.of("fips-mode=false", "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider");

    /** Servers with these settings, where nobody logs in. */
    static Arena of(int size, String... config) {
        return new Arena(size, List.of(config), false, false);
    }

    /** Likewise, where clients may log in. */
    Arena withLogins() {
        return new Arena(size, joined(WITH_LOGINS), true, mustProve);
    }

    /** Likewise, where clients have to say who they are. */
    Arena withProof() {
        return new Arena(
                size,
                joined(List.of("enforce.auth.enabled=true", "enforce.auth.schemes=digest,sasl")),
                hasLogins,
                true);
    }

    /** Whether quotas refuse what exceeds them. */
    boolean enforcesQuotas() {
        return config.contains("enforceQuota=true");
    }

    private List<String> joined(List<String> more) {
        return Stream.concat(config.stream(), more.stream()).toList();
    }

    @Override
    public String toString() {
        return size + " " + String.join(" ", config);
    }
}
