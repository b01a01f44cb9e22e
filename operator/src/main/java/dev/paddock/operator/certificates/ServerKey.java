package dev.paddock.operator.certificates;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A server's key and certificate from a Secret of type {@code kubernetes.io/tls}.
 *
 * @param chain the certificate, then those of the authorities between it and a root
 * @param authority whom clients trust and whose certificates they may have; empty if the Secret does not say
 */
public record ServerKey(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authority) {
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";
    private static final String AUTHORITY = "ca.crt";
    private static final Pattern KEY_BLOCK = Pattern.compile(
            "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final int DNS_NAME = 2; // of the kinds of alternative names, RFC 5280 section 4.2.1.6
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA"); // by kind of key

    public ServerKey {
        chain = List.copyOf(chain);
        authority = List.copyOf(authority);
    }

    /** Why a Secret cannot be used: one word for programs, and what people can do about it. */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;
        private final String reason;

        Unusable(String reason, String message) {
            super(message, null, false, false);
            this.reason = reason;
        }

        public String reason() {
            return reason;
        }
    }

    /**
     * Reads and checks what a Secret holds.
     *
     * @param data of the Secret, in base64
     * @param asksClients whether clients are asked for certificates, which takes an authority
     * @throws Unusable if servers could not serve with it, or nobody could trust them
     */
    public static ServerKey of(Map<String, String> data, boolean asksClients, Instant now) throws Unusable {
        List<String> missing = Stream.of(CERTIFICATE, KEY, AUTHORITY)
                .filter(each -> !each.equals(AUTHORITY) || asksClients)
                .filter(each -> data.getOrDefault(each, "").isBlank())
                .toList();
        if (!missing.isEmpty())
            throw new Unusable(
                    "SecretIncomplete", "has no " + String.join(" and no ", missing) + "; add what is missing");
        List<X509Certificate> chain = certificates(CERTIFICATE, data);
        List<X509Certificate> authority =
                data.getOrDefault(AUTHORITY, "").isBlank() ? List.of() : certificates(AUTHORITY, data);
        var found = new ServerKey(key(text(KEY, data), chain.getFirst().getPublicKey()), chain, authority);
        if (!found.fits())
            throw new Unusable(
                    "CertificateInvalid", KEY + " is not the key of " + CERTIFICATE + "; put both in at once");
        if (found.until().isBefore(now))
            throw new Unusable("CertificateExpired", CERTIFICATE + " is expired since " + found.until() + "; renew it");
        return found;
    }

    /** When the first of its certificates ends. */
    public Instant until() {
        return chain.stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** Whether it stands for that host. */
    public boolean names(String host) {
        String parent = host.substring(host.indexOf('.') + 1);
        return dnsNames().anyMatch(name -> name.equals(host) || name.equals("*." + parent));
    }

    private Stream<String> dnsNames() {
        try {
            return Optional.ofNullable(chain.getFirst().getSubjectAlternativeNames()).stream()
                    .flatMap(Collection::stream)
                    .filter(name -> name.getFirst().equals(DNS_NAME))
                    .map(name -> String.valueOf(name.getLast()).toLowerCase(Locale.ROOT));
        } catch (CertificateParsingException malformed) {
            return Stream.empty(); // which no client would take for any host
        }
    }

    /** Key and chain in one file, as servers read it. */
    String pem() {
        return Pair.pem("PRIVATE KEY", key.getEncoded()) + pem(chain);
    }

    static String pem(List<X509Certificate> certificates) {
        return certificates.stream().map(Pair::pem).collect(Collectors.joining());
    }

    private static String text(String name, Map<String, String> data) throws Unusable {
        try {
            return new String(Base64.getMimeDecoder().decode(data.get(name)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid(name, "is not base64");
        }
    }

    private static List<X509Certificate> certificates(String name, Map<String, String> data) throws Unusable {
        byte[] pem = text(name, data).getBytes(StandardCharsets.UTF_8);
        try {
            List<X509Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (all.isEmpty()) throw invalid(name, "holds no certificate");
            return all;
        } catch (CertificateException e) {
            throw invalid(name, "is no PEM of certificates");
        }
    }

    private static Unusable invalid(String name, String what) {
        return new Unusable("CertificateInvalid", name + " " + what + "; issue it anew");
    }

    /** As PKCS#8, or as RSA's (PKCS#1) or an elliptic curve's own (SEC 1), which are the inner part of the former. */
    private static PrivateKey key(String pem, PublicKey fitting) throws Unusable {
        Matcher block = KEY_BLOCK.matcher(pem);
        if (!block.find()) throw invalid(KEY, "is no PEM of a key");
        if (block.group(1).startsWith("ENCRYPTED"))
            throw invalid(KEY, "is encrypted, and nobody could tell the servers its password");
        try {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2).strip());
            byte[] pkcs8 = block.group(1).equals("PRIVATE KEY")
                    ? der
                    : Der.sequence(Der.integer(new byte[1]), algorithm(fitting), Der.octets(der));
            return KeyFactory.getInstance(fitting.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw invalid(KEY, "is no key of the kind that " + CERTIFICATE + " is for, " + fitting.getAlgorithm());
        }
    }

    /** What a public key says first: of which kind it is. A private one in PKCS#8 says the same. */
    private static byte[] algorithm(PublicKey key) {
        byte[] info = key.getEncoded(); // SubjectPublicKeyInfo, RFC 5280 section 4.1
        int start = (info[1] & 0x80) == 0 ? 2 : 2 + (info[1] & 0x7f);
        return Arrays.copyOfRange(info, start, start + 2 + info[start + 1]);
    }

    /** Whether what the key signs the certificate verifies. */
    private boolean fits() throws Unusable {
        PublicKey known = chain.getFirst().getPublicKey();
        String algorithm = SIGNATURES.get(known.getAlgorithm());
        if (algorithm == null)
            throw invalid(
                    CERTIFICATE, "is for a key of the kind " + known.getAlgorithm() + ", not RSA, ECDSA or Ed25519");
        byte[] word = "paddock".getBytes(StandardCharsets.UTF_8);
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(word);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(known);
            verifying.update(word);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
