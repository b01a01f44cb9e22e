package dev.paddock.node.config;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How clients prove who they are, and who may do everything; keys and defaults are Apache ZooKeeper 3.9's.
 *
 * @param skipAcl         whether everybody may do everything
 * @param schemes         authentication schemes there are, beside {@code world} and {@code auth}
 * @param digestAlgorithm of the scheme {@code digest}, one that this JVM has
 * @param superDigest     {@code user:hash} of whom may do everything
 * @param x509SuperUser   subject DN of whom may do everything
 * @param anySaslUserDoes id that an ACL entry of scheme {@code sasl} may have to mean any SASL user
 * @param saslSuperUsers  SASL users that may do everything
 * @param ensembleNames   names that clients may call this ensemble by; empty if any
 * @param requiredSchemes a client must have proved itself by one of these before it may ask anything; empty if it need not
 * @param saslUsers       passwords of those that may prove themselves by SASL DIGEST-MD5; empty if there is no SASL
 * @param letsFailedSaslStay whether a client whose SASL exchange failed may go on as nobody
 */
public record Security(
        boolean skipAcl,
        Set<String> schemes,
        String digestAlgorithm,
        Optional<String> superDigest,
        Optional<String> x509SuperUser,
        Optional<String> anySaslUserDoes,
        Set<String> saslSuperUsers,
        Optional<Set<String>> ensembleNames,
        List<String> requiredSchemes,
        Optional<Map<String, Secret>> saslUsers,
        boolean letsFailedSaslStay) {
    private static final String PROVIDER = "authProvider.";
    private static final String PACKAGE = "org.apache.zookeeper.server.auth.";
    private static final Map<String, String> SCHEME_OF = Map.of(
            PACKAGE + "DigestAuthenticationProvider", "digest",
            PACKAGE + "IPAuthenticationProvider", "ip",
            PACKAGE + "SASLAuthenticationProvider", "sasl",
            PACKAGE + "X509AuthenticationProvider", "x509",
            PACKAGE + "EnsembleAuthenticationProvider", "ensemble");

    /**
     * What the settings say.
     *
     * @param hasTls whether clients may come by TLS
     */
    static Security read(Settings settings, boolean hasTls) throws ConfigException {
        boolean skipAcl = settings.text("skipACL").orElse("no").equals("yes"); // as Apache: nothing else is a yes
        if (skipAcl) settings.warn("skipACL", "is yes, so every client may do everything");
        Set<String> schemes = schemes(settings, hasTls);
        return new Security(
                skipAcl,
                schemes,
                digestAlgorithm(settings),
                settings.text("DigestAuthenticationProvider.superDigest"),
                settings.text("X509AuthenticationProvider.superUser"),
                settings.text("letAnySaslUserDoX"),
                saslSuperUsers(settings),
                settings.text("ensembleAuthName").map(names -> settings.words("ensembleAuthName", names)),
                requiredSchemes(settings, schemes),
                new JaasFile(settings).users(),
                settings.flag("allowSaslFailedClients", false));
    }

    private static Set<String> schemes(Settings settings, boolean hasTls) throws ConfigException {
        var schemes = new TreeSet<String>(List.of("ip"));
        if (settings.flag("DigestAuthenticationProvider.enabled", true)) schemes.add("digest");
        if (hasTls) schemes.add("x509");
        for (Map.Entry<String, String> provider :
                settings.startingWith(PROVIDER).entrySet()) {
            String scheme = SCHEME_OF.get(provider.getValue());
            if (scheme == null) {
                throw settings.error(
                        provider.getKey(),
                        provider.getValue() + " is a plug-in, and this server takes none; remove it");
            }
            schemes.add(scheme);
        }
        return schemes;
    }

    private static String digestAlgorithm(Settings settings) throws ConfigException {
        String key = "DigestAuthenticationProvider.digestAlg";
        String name = settings.text(key).orElse("SHA1");
        try {
            return MessageDigest.getInstance(name).getAlgorithm();
        } catch (NoSuchAlgorithmException e) {
            throw settings.error(key, name + " is no digest that this Java has; try SHA-256 or SHA3-256");
        }
    }

    /** {@code superUser} and {@code superUser.anything}. */
    private static Set<String> saslSuperUsers(Settings settings) {
        var users = new TreeSet<String>();
        settings.startingWith("superUser").forEach((key, user) -> {
            boolean isOne = key.length() == "superUser".length() || key.charAt("superUser".length()) == '.';
            if (isOne && !user.isEmpty()) users.add(user);
        });
        return users;
    }

    private static List<String> requiredSchemes(Settings settings, Set<String> known) throws ConfigException {
        boolean isSasl = settings.bool("sessionRequireClientSASLAuth", false);
        boolean isEnforced = settings.bool("enforce.auth.enabled", false);
        String key = isSasl ? "sessionRequireClientSASLAuth" : "enforce.auth.schemes";
        var schemes = new ArrayList<>(isSasl ? List.of("sasl") : settings.words(key, ""));
        if (!isSasl && !isEnforced) return List.of();
        if (schemes.isEmpty()) throw settings.error(key, "is not set, and enforce.auth.enabled needs it");
        for (String scheme : schemes) {
            if (!known.contains(scheme)) {
                throw settings.error(
                        key,
                        "asks for the scheme " + scheme + ", which is not available; name its class in " + PROVIDER
                                + "1, like " + PACKAGE + "SASLAuthenticationProvider");
            }
        }
        return List.copyOf(schemes);
    }
}
