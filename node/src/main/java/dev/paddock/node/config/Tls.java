package dev.paddock.node.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * TLS of the clients' port; keys, defaults and key store types are Apache ZooKeeper 3.9's ({@code ssl.*}), but for what was
 * refused as unsafe.
 *
 * @param keyStore           the server's own key and certificate
 * @param trustStore         whose certificates clients may have; present unless clients are asked for none
 * @param clientAuth         whether clients need a certificate
 * @param protocols          {@code TLSv1.2} and {@code TLSv1.3} only
 * @param cipherSuites       empty for the default ones
 * @param checksCrl          whether revocation lists are asked for
 * @param checksOcsp         whether OCSP responders are asked
 * @param verifiesClientHost whether a client's certificate must name its address; names are never looked up
 */
public record Tls(
        Store keyStore,
        Optional<Store> trustStore,
        ClientAuth clientAuth,
        List<String> protocols,
        List<String> cipherSuites,
        boolean checksCrl,
        boolean checksOcsp,
        boolean verifiesClientHost) {

    /** Whether clients are asked for a certificate. */
    public enum ClientAuth {
        NONE,
        WANT,
        NEED
    }

    /** A file of keys and certificates. */
    public record Store(Path file, Secret password, Type type) {
        /** Its format. */
        public enum Type {
            JKS,
            PEM,
            PKCS12
        }
    }

    static Tls read(Settings settings) throws ConfigException {
        refuseWhatCannotBe(settings);
        Store keyStore = store(settings, "ssl.keyStore")
                .orElseThrow(() -> settings.error(
                        "ssl.keyStore.location", "is not set, and TLS needs it; name the file with the server's key"));
        ClientAuth clientAuth = clientAuth(settings);
        Optional<Store> trustStore = store(settings, "ssl.trustStore");
        if (clientAuth != ClientAuth.NONE && trustStore.isEmpty()) {
            throw settings.error(
                    "ssl.trustStore.location",
                    "is not set, and ssl.clientAuth=" + clientAuth.name().toLowerCase(Locale.ROOT)
                            + " needs it; set it, or ssl.clientAuth=none");
        }
        return new Tls(
                keyStore,
                trustStore,
                clientAuth,
                protocols(settings),
                List.copyOf(settings.words("ssl.ciphersuites", "")),
                settings.bool("ssl.crl", false),
                settings.bool("ssl.ocsp", false),
                settings.bool("ssl.hostnameVerification", true)
                        && settings.bool("ssl.clientHostnameVerification", false));
    }

    private static void refuseWhatCannotBe(Settings settings) throws ConfigException {
        if (settings.text("ssl.context.supplier.class").isPresent()) {
            throw settings.error(
                    "ssl.context.supplier.class", "names a plug-in, and this server takes none; remove it");
        }
        if (!settings.text("ssl.authProvider").orElse("x509").equals("x509")) {
            throw settings.error("ssl.authProvider", "is not x509, and this server has no other; remove it");
        }
        if (settings.bool("ssl.allowReverseDnsLookup", false)) {
            settings.warn(
                    "ssl.allowReverseDnsLookup", "has no effect: whoever owns an address can name it as he likes");
        }
        settings.text("client.certReload"); // changed files are always taken
        settings.text("ssl.handshakeDetectionTimeoutMillis"); // the first byte says it; nothing waits for it
        settings.text("ssl.sslProvider"); // the JDK's
        settings.text("fips-mode");
    }

    private static ClientAuth clientAuth(Settings settings) throws ConfigException {
        String text = settings.text("ssl.clientAuth").orElse("").toUpperCase(Locale.ROOT);
        if (text.isEmpty()) return ClientAuth.NEED;
        for (ClientAuth each : ClientAuth.values()) if (each.name().equals(text)) return each;
        throw settings.error("ssl.clientAuth", "is none of none, want and need");
    }

    private static List<String> protocols(Settings settings) throws ConfigException {
        boolean many = settings.text("ssl.enabledProtocols").isPresent();
        String key = many ? "ssl.enabledProtocols" : "ssl.protocol";
        var protocols = new ArrayList<>(settings.words(key, "TLSv1.3"));
        for (String protocol : protocols) {
            if (!protocol.equals("TLSv1.3") && !protocol.equals("TLSv1.2")) {
                throw settings.error(key, protocol + " is refused; this server speaks TLSv1.3 and TLSv1.2");
            }
        }
        if (protocols.isEmpty()) throw settings.error(key, "is empty; try TLSv1.3");
        return List.copyOf(protocols);
    }

    private static Optional<Store> store(Settings settings, String prefix) throws ConfigException {
        String location = prefix + ".location";
        Secret password = password(settings, prefix);
        Optional<String> typeName = settings.text(prefix + ".type").filter(text -> !text.isEmpty());
        Optional<String> text = settings.text(location).filter(path -> !path.isEmpty());
        if (text.isEmpty()) return Optional.empty();
        Path file = settings.path(location).orElseThrow();
        return Optional.of(new Store(file, password, type(settings, prefix, typeName, file)));
    }

    private static Store.Type type(Settings settings, String prefix, Optional<String> name, Path file)
            throws ConfigException {
        String text = file.toString();
        String asked = name.map(type -> type.toUpperCase(Locale.ROOT))
                .orElse(
                        text.endsWith(".jks")
                                ? "JKS"
                                : text.endsWith(".pem") ? "PEM" : text.endsWith(".p12") ? "PKCS12" : "");
        for (Store.Type type : Store.Type.values()) if (type.name().equals(asked)) return type;
        throw settings.error(
                prefix + ".type", "is none of JKS, PEM and PKCS12, and " + file + " does not end like one");
    }

    /** The file's, if there is one, without the line end behind it. */
    private static Secret password(Settings settings, String prefix) throws ConfigException {
        String password = settings.text(prefix + ".password").orElse("");
        String key = prefix + ".passwordPath";
        Optional<String> path = settings.text(key).filter(text -> !text.isEmpty());
        if (path.isEmpty()) return new Secret(password);
        try {
            String text = Files.readString(Path.of(path.get()), StandardCharsets.UTF_8);
            return new Secret(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        } catch (InvalidPathException | IOException e) {
            throw settings.error(key, "cannot be read: " + e.getClass().getSimpleName());
        }
    }
}
