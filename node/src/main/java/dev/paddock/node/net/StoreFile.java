package dev.paddock.node.net;

import dev.paddock.node.config.Tls.Store;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CertSelector;
import java.util.EnumSet;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;

/** Reads files of keys and certificates. What it throws names the file, and never holds a password. */
final class StoreFile {
    private static final long BYTES_MAX = 16L << 20;

    private StoreFile() {}

    /** What changes when a file is replaced, be it by renaming or by a symbolic link that points elsewhere. */
    record Stamp(Path file, FileTime modified, long bytes) {}

    static Stamp stamp(Store store) throws IOException {
        try {
            Path file = store.file().toRealPath();
            return new Stamp(file, Files.getLastModifiedTime(file), Files.size(file));
        } catch (NoSuchFileException e) {
            throw new IOException(store.file() + ": no such file of keys or certificates", e);
        }
    }

    static byte[] bytes(Store store) throws IOException {
        if (Files.size(store.file()) > BYTES_MAX) throw new IOException(store.file() + ": is above 16 MiB");
        return Files.readAllBytes(store.file());
    }

    /** A file of any type but PEM. */
    static KeyStore load(Store store) throws IOException, GeneralSecurityException {
        try {
            KeyStore keys = KeyStore.getInstance(store.type().name());
            keys.load(
                    new ByteArrayInputStream(bytes(store)),
                    store.password().reveal().toCharArray());
            return keys;
        } catch (IOException e) {
            throw new IOException(store.file() + ": " + e.getMessage(), e);
        }
    }

    /** Trusts whom the certificates of a file stand for. */
    static TrustManagerFactory trust(Store store, boolean checksCrl, boolean checksOcsp)
            throws IOException, GeneralSecurityException {
        KeyStore anchors = store.type() == Store.Type.PEM ? certificates(store) : load(store);
        var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        if (checksCrl || checksOcsp) {
            var checker = (PKIXRevocationChecker)
                    CertPathValidator.getInstance("PKIX").getRevocationChecker();
            checker.setOptions(
                    checksOcsp
                            ? Set.of()
                            : EnumSet.of(
                                    PKIXRevocationChecker.Option.NO_FALLBACK,
                                    PKIXRevocationChecker.Option.PREFER_CRLS));
            parameters.addCertPathChecker(checker);
        } else {
            parameters.setRevocationEnabled(false);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        return factory;
    }

    private static KeyStore certificates(Store store) throws IOException, GeneralSecurityException {
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        int count = 0;
        for (Certificate certificate :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes(store)))) {
            anchors.setCertificateEntry("anchor-" + count++, certificate);
        }
        if (count == 0) throw new IOException(store.file() + ": has no certificate");
        return anchors;
    }
}
