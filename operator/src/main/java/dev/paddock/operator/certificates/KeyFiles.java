package dev.paddock.operator.certificates;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLException;

/**
 * What a cluster's TLS is made of, as Paddock keeps it in a Secret of its own: made only of what was found right, so that no server ever
 * meets anything else, and in the files that servers read, whichever form a key came in.
 *
 * @param server key and chain of the servers, PEM
 * @param authority whom clients trust, PEM
 * @param clients whose certificates clients may have, PEM; the operator's own is among them
 * @param known certificates that servers may be serving with: the newest, and a few before it
 * @param operator the operator's key, by which servers that ask for certificates know it
 */
public record KeyFiles(String server, String authority, String clients, List<X509Certificate> known, Pair operator) {
    /** Key of {@link #server} in the Secret, and name of its file. */
    public static final String SERVER = "server.pem";
    /** Key of {@link #clients} in the Secret, and name of its file. */
    public static final String CLIENTS = "clients.pem";

    private static final String AUTHORITY = "ca.crt";
    private static final String KNOWN = "known.pem";
    private static final String OPERATOR_CERTIFICATE = "operator.crt";
    private static final String OPERATOR_KEY = "operator.key";
    private static final int KNOWN_MAX = 4; // a renewal is with all servers before the next comes
    private static final Duration OPERATORS_LIFE =
            Duration.ofDays(3650); // it is trusted by itself, for as long as it is named

    public KeyFiles {
        known = List.copyOf(known);
    }

    /** For this key, following what there was before. */
    public static KeyFiles of(ServerKey key, Optional<KeyFiles> before, Instant now) {
        Pair operator = before.map(KeyFiles::operator)
                .orElseGet(() -> Pair.create("paddock-operator", List.of(), now, OPERATORS_LIFE));
        List<X509Certificate> known = new ArrayList<>(List.of(key.chain().getFirst()));
        before.map(KeyFiles::known).orElse(List.of()).stream()
                .filter(each -> !known.contains(each))
                .limit(KNOWN_MAX - 1L)
                .forEach(known::add);
        String authority = ServerKey.pem(key.authority().isEmpty() ? key.chain() : key.authority());
        String clients = ServerKey.pem(key.authority()) + Pair.pem(operator.certificate());
        return new KeyFiles(key.pem(), authority, clients, known, operator);
    }

    /** As a Secret's data. */
    public Map<String, String> data() {
        Map<String, String> data = new TreeMap<>();
        data.put(SERVER, encoded(server));
        data.put(AUTHORITY, encoded(authority));
        data.put(CLIENTS, encoded(clients));
        data.put(KNOWN, encoded(ServerKey.pem(known)));
        data.put(OPERATOR_CERTIFICATE, encoded(Pair.pem(operator.certificate())));
        data.put(OPERATOR_KEY, encoded(operator.keyPem()));
        return data;
    }

    /** What {@link #data} gave; empty if that is damaged. */
    public static Optional<KeyFiles> parse(Map<String, String> data) {
        try {
            List<X509Certificate> known = CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(text(KNOWN, data).getBytes(StandardCharsets.UTF_8)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            return Optional.of(new KeyFiles(
                    text(SERVER, data),
                    text(AUTHORITY, data),
                    text(CLIENTS, data),
                    known,
                    Pair.parse(text(OPERATOR_CERTIFICATE, data), text(OPERATOR_KEY, data))));
        } catch (GeneralSecurityException | IllegalArgumentException editedByHand) {
            return Optional.empty();
        }
    }

    /**
     * How the operator speaks with the servers. It knows the very certificates that it gave them, so it looks for these, whatever names and
     * times are in them.
     */
    public SslContext context() {
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .trustManager(new KnownOnly(known))
                    .keyManager(operator.key(), operator.certificate())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    private static String text(String name, Map<String, String> data) {
        String found = data.getOrDefault(name, "");
        if (found.isBlank()) throw new IllegalArgumentException("no " + name);
        return new String(Base64.getDecoder().decode(found), StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
