package dev.paddock.node.front;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paddock.wire.Id;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The schemes a client may prove itself by in an auth packet (xid -4), as Apache ZooKeeper 3.9 has them. Who proves himself by
 * {@code sasl} or {@code x509} does so elsewhere, and is refused here.
 */
public final class Authentication {
    private static final Id SUPER = new Id("super", "");
    private static final Proof REFUSED = new Proof.Refused();

    private final AuthConfig config;
    private final boolean isProofRequired;

    /** What an auth packet came to. */
    public sealed interface Proof {
        /** The client is all these; there may be none. */
        record Accepted(List<Id> ids) implements Proof {}

        /** The client is told so, and the connection closed. */
        record Refused() implements Proof {}

        /** The client has come to the wrong ensemble: it is cut off, so that it tries another server. */
        record Stranger() implements Proof {}
    }

    /** By the rules of this configuration. */
    public Authentication(AuthConfig config) {
        this.config = config;
        this.isProofRequired = !config.requiredSchemes().isEmpty();
    }

    /**
     * Who the client has proved to be.
     *
     * @param token for {@code digest} it is {@code user:password}, for {@code ensemble} a name; {@code ip} needs none
     * @param ip    the address of the client
     * @param ids   who it is already
     */
    public Proof prove(String scheme, byte @Nullable [] token, String ip, List<Id> ids) {
        if (!config.schemes().knows(scheme)) return REFUSED;
        return switch (scheme) {
            case "ip" -> new Proof.Accepted(List.of(new Id("ip", ip)));
            case "digest" -> token == null ? REFUSED : new Proof.Accepted(digestIds(new String(token, UTF_8)));
            case "ensemble" -> ensemble(token);
            case "x509" -> isCertified(ids) ? new Proof.Accepted(List.of()) : REFUSED; // nothing new: TLS has shown it
            default -> REFUSED;
        };
    }

    /** Whether somebody claims to be the one who may do everything, with a wrong password. */
    boolean isFailedSuper(List<Id> ids) {
        String superDigest = config.superDigest().orElse("");
        int colon = superDigest.indexOf(':');
        if (colon < 0 || ids.size() != 1) return false;
        Id id = ids.getFirst();
        return id.scheme().equals("digest") && id.id().startsWith(superDigest.substring(0, colon + 1));
    }

    private List<Id> digestIds(String userAndPassword) {
        String digest = digest(userAndPassword);
        Id id = new Id("digest", digest);
        boolean isSuper = config.superDigest()
                .filter(expected -> MessageDigest.isEqual(expected.getBytes(UTF_8), digest.getBytes(UTF_8)))
                .isPresent();
        return isSuper ? List.of(SUPER, id) : List.of(id);
    }

    /** {@code user:base64(hash(user:password))}; without a colon all of it is the user. */
    private String digest(String userAndPassword) {
        int colon = userAndPassword.indexOf(':');
        byte[] hash = messageDigest().digest(userAndPassword.getBytes(UTF_8));
        return (colon < 0 ? userAndPassword : userAndPassword.substring(0, colon)) + ":"
                + Base64.getEncoder().encodeToString(hash);
    }

    private MessageDigest messageDigest() {
        try {
            return MessageDigest.getInstance(config.digestAlgorithm());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the configuration was not checked", e);
        }
    }

    private static boolean isCertified(List<Id> ids) {
        for (Id id : ids) if (id.scheme().equals("x509")) return true;
        return false;
    }

    private Proof ensemble(byte @Nullable [] name) {
        boolean isOurs = name == null
                || !looksAtEnsemble(name)
                || config.ensembleNames().orElseThrow().contains(new String(name, UTF_8));
        return isOurs ? new Proof.Accepted(List.of()) : new Proof.Stranger();
    }

    /** Whether the name of an ensemble, given by a client, is compared with ours. */
    boolean looksAtEnsemble(byte @Nullable [] name) {
        return name != null && name.length > 0 && config.ensembleNames().isPresent();
    }

    /** Whether somebody may ask nothing, since a proof is required that he has not given. */
    boolean isUnproved(List<Id> ids) {
        if (!isProofRequired) return false;
        for (Id id : ids) if (config.requiredSchemes().contains(id.scheme())) return false;
        return true;
    }

    /** A new SASL exchange; null if there is no SASL. */
    SaslLogin.@Nullable Exchange saslExchange() {
        return config.sasl().map(SaslLogin::begin).orElse(null);
    }

    /** Who a client is that has proved to be a user of SASL. */
    List<Id> saslIds(String user) {
        Id id = new Id("sasl", user);
        return config.saslSuperUsers().contains(user) ? List.of(id, SUPER) : List.of(id);
    }

    /** Who a client is that has a certificate of this subject. */
    List<Id> x509Ids(String subject) {
        Id id = new Id("x509", subject);
        boolean isSuper =
                config.schemes().x509SuperUser().filter(subject::equals).isPresent();
        return isSuper ? List.of(new Id("super", subject), id) : List.of(id);
    }

    boolean isSaslRequired() {
        return config.requiredSchemes().contains("sasl");
    }

    /** Whether a client may go on as nobody after its SASL exchange failed. */
    boolean letsFailedSaslStay() {
        return config.letsFailedSaslStay() && !isSaslRequired();
    }
}
