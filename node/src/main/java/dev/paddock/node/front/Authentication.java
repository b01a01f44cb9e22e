package dev.paddock.node.front;

import dev.paddock.wire.Id;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The schemes a client may prove itself by in an auth packet (xid -4), as Apache ZooKeeper 3.9 has them without plug-ins. */
final class Authentication {
    private Authentication() {}

    /**
     * Who the client has proved to be; null if the scheme is unknown or the proof does not do.
     *
     * @param proof for {@code digest} it is {@code user:password}; {@code ip} needs none
     * @param ip    the address of the client
     */
    static @Nullable Id prove(String scheme, byte @Nullable [] proof, String ip) {
        return switch (scheme) {
            case "ip" -> new Id("ip", ip);
            case "digest" -> proof == null ? null : new Id("digest", digest(proof));
            default -> null;
        };
    }

    /** The length of an id as UTF-8. */
    static int bytes(Id id) {
        return id.scheme().getBytes(StandardCharsets.UTF_8).length + id.id().getBytes(StandardCharsets.UTF_8).length;
    }

    /** {@code user:base64(sha1(user:password))}; without a colon all of it is the user. */
    private static String digest(byte[] userAndPassword) {
        String text = new String(userAndPassword, StandardCharsets.UTF_8);
        int colon = text.indexOf(':');
        byte[] sha1 = sha1().digest(text.getBytes(StandardCharsets.UTF_8));
        return (colon < 0 ? text : text.substring(0, colon)) + ":"
                + Base64.getEncoder().encodeToString(sha1);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
