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
 * TLS of the clients' port ({@code ssl.*}) or among the members ({@code ssl.quorum.*}); keys, defaults and key store types are
 * Apache ZooKeeper 3.9's, but for what was refused as unsafe.
 *
 * @param keyStore           the server's own key and certificate
 * @param trustStore         whose certificates others may have; present unless they are asked for none
 * @param clientAuth         whether who comes in needs a certificate
 * @param protocols          {@code TLSv1.2} and {@code TLSv1.3} only
 * @param cipherSuites       empty for the default ones
 * @param checksCrl          whether revocation lists are asked for
 * @param checksOcsp         whether OCSP responders are asked
 * @param verifiesServerHost whether the certificate of who is dialled must name the host that was dialled
 * @param verifiesClientHost whether the certificate of who comes in must name where it is: a client its address, a member the
 *     host of that member; names are never looked up by an address
 */
public record Tls(
        Store keyStore,
        Optional<Store> trustStore,
        ClientAuth clientAuth,
        List<String> protocols,
        List<String> cipherSuites,
        boolean checksCrl,
        boolean checksOcsp,
        boolean verifiesServerHost,
        boolean verifiesClientHost) {

    private static final String CLIENTS = "ssl.";
    private static final String MEMBERS = "ssl.quorum.";

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

    static Tls ofClients(Settings settings) throws ConfigException {
        if (!settings.text("ssl.authProvider").orElse("x509").equals("x509")) {
            throw settings.error("ssl.authProvider", "is not x509, and this server has no other; remove it");
        }
        settings.text("client.certReload"); // changed files are always taken
        settings.text("ssl.sslProvider"); // the JDK's
        settings.text("fips-mode");
        return read(settings, CLIENTS, false);
    }

    static Tls ofMembers(Settings settings) throws ConfigException {
        settings.text("sslQuorumReloadCertFiles"); // changed files are always taken
        return read(settings, MEMBERS, true);
    }

    private static Tls read(Settings settings, String prefix, boolean verifiesClientHost) throws ConfigException {
        refuseWhatCannotBe(settings, prefix);
        String keys = prefix + "keyStore";
        Store keyStore = store(settings, keys)
                .orElseThrow(() -> settings.error(
                        keys + ".location", "is not set, and TLS needs it; name the file with the server's key"));
        String auth = prefix + "clientAuth";
        ClientAuth clientAuth = clientAuth(settings, auth);
        String trusted = prefix + "trustStore";
        Optional<Store> trustStore = store(settings, trusted);
        if (clientAuth != ClientAuth.NONE && trustStore.isEmpty()) {
            throw settings.error(
                    trusted + ".location",
                    "is not set, and " + auth + '=' + clientAuth.name().toLowerCase(Locale.ROOT)
                            + " needs it; set it, or " + auth + "=none");
        }
        boolean verifiesHosts = settings.bool(prefix + "hostnameVerification", true);
        return new Tls(
                keyStore,
                trustStore,
                clientAuth,
                protocols(settings, prefix),
                List.copyOf(settings.words(prefix + "ciphersuites", "")),
                settings.bool(prefix + "crl", false),
                settings.bool(prefix + "ocsp", false),
                verifiesHosts,
                settings.bool(prefix + "clientHostnameVerification", verifiesClientHost) && verifiesHosts);
    }

    private static void refuseWhatCannotBe(Settings settings, String prefix) throws ConfigException {
        String plugIn = prefix + "context.supplier.class";
        if (settings.text(plugIn).isPresent()) {
            throw settings.error(plugIn, "names a plug-in, and this server takes none; remove it");
        }
        String reverse = prefix + "allowReverseDnsLookup";
        if (settings.bool(reverse, false)) {
            settings.neglect(reverse, "has no effect: whoever owns an address can name it as he likes");
        }
        settings.text(prefix + "handshakeDetectionTimeoutMillis"); // the first byte says it; nothing waits for it
    }

    private static ClientAuth clientAuth(Settings settings, String key) throws ConfigException {
        String text = settings.text(key).orElse("").toUpperCase(Locale.ROOT);
        if (text.isEmpty()) return ClientAuth.NEED;
        for (ClientAuth each : ClientAuth.values()) if (each.name().equals(text)) return each;
        throw settings.error(key, "is none of none, want and need");
    }

    private static List<String> protocols(Settings settings, String prefix) throws ConfigException {
        boolean many = settings.text(prefix + "enabledProtocols").isPresent();
        String key = prefix + (many ? "enabledProtocols" : "protocol");
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
        if (path.isEmpty() || settings.isCopy())
            return new Secret(password); // a copy is not started, so not worth a secret
        try {
            String text = Files.readString(Path.of(path.get()), StandardCharsets.UTF_8);
            return new Secret(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        } catch (InvalidPathException | IOException e) {
            throw settings.error(key, "cannot be read: " + e.getClass().getSimpleName());
        }
    }
}
