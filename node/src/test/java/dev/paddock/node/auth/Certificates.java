package dev.paddock.node.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate authority and those it has signed, made by the JDK's keytool, as PKCS12 files. */
public final class Certificates {
    public static final String PASSWORD = "canary-7f3a";

    private final Path folder;
    private final String name;

    public Certificates(Path folder, String name) throws Exception {
        this.folder = folder;
        this.name = name;
        keytool("-genkeypair", "-keystore", file(name).toString(), "-dname", "CN=" + name, "-ext", "bc:c");
        keytool(
                "-exportcert",
                "-keystore",
                file(name).toString(),
                "-file",
                cert(name).toString(),
                "-rfc");
        keytool(
                "-importcert",
                "-keystore",
                trust().toString(),
                "-file",
                cert(name).toString());
    }

    /** The file with whom this authority stands for. */
    public Path trust() {
        return file(name + "-trust");
    }

    /** The same as PEM. */
    public Path trustPem() {
        return cert(name);
    }

    /** A key store with a key and its certificate. */
    public Path signed(String who, String dname, String... options) throws Exception {
        Path keys = file(who);
        Path request = folder.resolve(who + ".csr");
        keytool("-genkeypair", "-keystore", keys.toString(), "-dname", dname);
        keytool("-certreq", "-keystore", keys.toString(), "-file", request.toString());
        var sign = new ArrayList<>(List.of(
                "-gencert",
                "-keystore",
                file(name).toString(),
                "-infile",
                request.toString(),
                "-outfile",
                cert(who).toString(),
                "-rfc"));
        sign.addAll(List.of(options));
        keytool(sign.toArray(String[]::new));
        keytool("-importcert", "-keystore", keys.toString(), "-file", cert(name).toString(), "-alias", "ca");
        keytool("-importcert", "-keystore", keys.toString(), "-file", cert(who).toString());
        return keys;
    }

    /** The list of the revoked, of which there is this one: the file. */
    Path revoke(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
        var certificate = (X509Certificate) store.getCertificate("mykey");
        Path list = folder.resolve(name + ".crl");
        String serial = certificate.getSerialNumber().toString();
        keytool("-gencrl", "-keystore", file(name).toString(), "-id", serial, "-file", list.toString());
        return list;
    }

    /** A key store as one PEM file with key and certificate. */
    public static Path pem(Path keys, Path to) throws Exception {
        KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
        var text = new StringBuilder();
        block(text, "PRIVATE KEY", store.getKey("mykey", PASSWORD.toCharArray()).getEncoded());
        for (Certificate each : store.getCertificateChain("mykey")) block(text, "CERTIFICATE", each.getEncoded());
        return Files.writeString(to, text);
    }

    private static void block(StringBuilder text, String what, byte[] bytes) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        text.append("-----BEGIN ").append(what).append("-----\n").append(base64);
        text.append("\n-----END ").append(what).append("-----\n");
    }

    /** How a client speaks that trusts this authority; without a certificate if there is no key store. */
    public SSLContext client(@Nullable Path keys) throws Exception {
        var trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(KeyStore.getInstance(trust().toFile(), PASSWORD.toCharArray()));
        var own = KeyManagerFactory.getInstance("PKIX");
        if (keys != null) own.init(KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys == null ? null : own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private Path file(String who) {
        return folder.resolve(who + ".p12");
    }

    private Path cert(String who) {
        return folder.resolve(who + ".crt");
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var command = new ArrayList<>(List.of(tool, "-J-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-noprompt"));
        if (arguments[0].equals("-genkeypair")) command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) throw new IllegalStateException(String.join(" ", command) + ": " + said);
    }
}
