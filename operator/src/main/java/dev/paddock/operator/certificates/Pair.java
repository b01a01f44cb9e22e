package dev.paddock.operator.certificates;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A key for TLS (P-256) and its certificate. Where few are to trust it, it is signed by itself, and they are given just this certificate, so
 * that there is no authority whose key would have to be kept. Members of a cluster come and go, so theirs are signed by an authority.
 */
public record Pair(PrivateKey key, X509Certificate certificate) {
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * A new one for these host names, good from an hour before {@code now}, since clocks differ.
     *
     * @param name of whose it is
     */
    public static Pair create(String name, List<String> hosts, Instant now, Duration life) {
        byte[] whose = named(name);
        return create(keys -> content(keys, whose, whose, now, life, forServers(hosts)), Optional.empty());
    }

    /** A new one that signs others. */
    public static Pair authority(String name, Instant now, Duration life) {
        byte[] whose = named(name);
        return create(keys -> content(keys, whose, whose, now, life, forSigning()), Optional.empty());
    }

    /** A new one for these host names, signed by an authority. */
    public static Pair signed(Pair authority, String name, List<String> hosts, Instant now, Duration life) {
        byte[] issuer = authority.certificate().getSubjectX500Principal().getEncoded();
        return create(
                keys -> content(keys, issuer, named(name), now, life, forServers(hosts)), Optional.of(authority.key()));
    }

    private static Pair create(Function<KeyPair, byte[]> contentOf, Optional<PrivateKey> authority) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            KeyPair keys = generator.generateKeyPair();
            byte[] content = contentOf.apply(keys);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(authority.orElse(keys.getPrivate()), RANDOM);
            signature.update(content);
            byte[] der = Der.sequence(content, algorithm(), Der.bits(0, signature.sign()));
            return new Pair(keys.getPrivate(), certificate(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256 and X.509", e);
        }
    }

    /** {@code TBSCertificate}, RFC 5280 section 4.1. */
    private static byte[] content(
            KeyPair keys, byte[] issuer, byte[] whose, Instant now, Duration life, byte[] extensions) {
        byte[] serial = new byte[16];
        RANDOM.nextBytes(serial);
        serial[0] = (byte) ((serial[0] & 0x3f) | 0x40); // positive, and never shorter
        return Der.sequence(
                Der.tagged(0xa0, Der.integer(new byte[] {2})), // version 3
                Der.integer(serial),
                algorithm(),
                issuer,
                Der.sequence(Der.time(now.minus(CLOCK_SKEW)), Der.time(now.plus(life))),
                whose,
                keys.getPublic().getEncoded(),
                Der.tagged(0xa3, extensions));
    }

    private static byte[] named(String name) {
        return Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.utf8(name))));
    }

    private static byte[] forServers(List<String> hosts) {
        byte[][] names = hosts.stream()
                .map(host -> Der.tagged(0x82, host.getBytes(StandardCharsets.US_ASCII))) // dNSName
                .toArray(byte[][]::new);
        return Der.sequence(
                Der.sequence(Der.oid(BASIC_CONSTRAINTS), Der.yes(), Der.octets(Der.sequence())),
                usage(7, 0x80), // digitalSignature
                Der.sequence(
                        Der.oid(EXTENDED_KEY_USAGE),
                        Der.octets(Der.sequence(Der.oid(SERVER_AUTHENTICATION), Der.oid(CLIENT_AUTHENTICATION)))),
                Der.sequence(Der.oid(ALTERNATIVE_NAMES), Der.octets(Der.sequence(names))));
    }

    private static byte[] forSigning() {
        return Der.sequence(
                Der.sequence(
                        Der.oid(BASIC_CONSTRAINTS), Der.yes(), Der.octets(Der.sequence(Der.yes()))), // an authority
                usage(2, 0x04)); // keyCertSign
    }

    private static byte[] usage(int unused, int bits) {
        return Der.sequence(Der.oid(KEY_USAGE), Der.yes(), Der.octets(Der.bits(unused, new byte[] {(byte) bits})));
    }

    private static byte[] algorithm() {
        return Der.sequence(Der.oid(ECDSA_WITH_SHA256));
    }

    private static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    /**
     * Reads what {@link #pem} and {@link #keyPem} give.
     *
     * @throws GeneralSecurityException if either is not what it says
     */
    public static Pair parse(String certificatePem, String keyPem) throws GeneralSecurityException {
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes(keyPem)));
        return new Pair(key, parse(certificatePem));
    }

    public static X509Certificate parse(String certificatePem) throws GeneralSecurityException {
        return certificate(bytes(certificatePem));
    }

    public static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    static String pem(String kind, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    private static byte[] bytes(String pem) throws GeneralSecurityException {
        try {
            return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("not PEM", e);
        }
    }
}
