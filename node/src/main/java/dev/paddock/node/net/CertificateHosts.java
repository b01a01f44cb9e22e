package dev.paddock.node.net;

import io.netty.util.NetUtil;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * The hosts that a certificate is for, by RFC 6125: its alternative names, or its common name where it has none of them. Nothing is looked up, so
 * an address is only what is written as one.
 */
final class CertificateHosts {
    private static final int DNS = 2;
    private static final int IP = 7;

    private CertificateHosts() {}

    /** @param host a name, or an address as text */
    static boolean names(X509Certificate certificate, String host) {
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives == null || alternatives.isEmpty()) return matches(commonName(certificate), host);
            for (List<?> each : alternatives) {
                if (each.get(0).equals(DNS) && matches((String) each.get(1), host)) return true;
                if (each.get(0).equals(IP) && isSame((String) each.get(1), host)) return true;
            }
            return false;
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static boolean matches(String pattern, String host) {
        String of = pattern.toLowerCase(Locale.ROOT);
        String name = host.toLowerCase(Locale.ROOT);
        if (!of.startsWith("*.")) return of.equals(name);
        int dot = name.indexOf('.');
        boolean isName = !NetUtil.isValidIpV4Address(name) && !NetUtil.isValidIpV6Address(name);
        return isName && dot > 0 && name.substring(dot).equals(of.substring(1)); // one label, and not two
    }

    private static boolean isSame(String address, String host) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        return bytes != null && Arrays.equals(bytes, NetUtil.createByteArrayFromIpAddressString(address));
    }

    private static String commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> rdn.getValue().toString())
                            .findFirst()
                            .orElse("");
        } catch (InvalidNameException e) {
            return "";
        }
    }
}
