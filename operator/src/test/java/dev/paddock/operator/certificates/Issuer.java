package dev.paddock.operator.certificates;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Makes Secrets as cert-manager does. */
public final class Issuer {
    private final X509Bundle authority;

    public Issuer() throws Exception {
        authority = new CertificateBuilder()
                .ecp256()
                .subject("CN=shepherds")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    /** Data of a Secret with a certificate for a host, good for another day. */
    public Map<String, String> secret(String host) throws Exception {
        return secret(new CertificateBuilder().ecp256(), host, Instant.now().plus(1, ChronoUnit.DAYS));
    }

    Map<String, String> secret(CertificateBuilder builder, String host, Instant until) throws Exception {
        X509Bundle issued = builder.subject("CN=server")
                .addSanDnsName(host)
                .notBefore(until.minus(2, ChronoUnit.DAYS))
                .notAfter(until)
                .buildIssuedBy(authority);
        return data(issued.getCertificatePathPEM(), issued.getPrivateKeyPEM(), authority.getCertificatePEM());
    }

    static Map<String, String> data(String certificate, String key, String authority) {
        Map<String, String> data = new TreeMap<>();
        data.put("tls.crt", base64(certificate));
        data.put("tls.key", base64(key));
        data.put("ca.crt", base64(authority));
        return data;
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
