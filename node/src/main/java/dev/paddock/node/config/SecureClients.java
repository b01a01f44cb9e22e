package dev.paddock.node.config;

import dev.paddock.node.members.Address;
import java.util.Optional;

/**
 * How clients come in by TLS.
 *
 * @param address   the port for TLS only; empty if there is none
 * @param isUnified whether the plain port takes TLS as well ({@code client.portUnification})
 * @param isOnly    whether there is no plain port
 */
public record SecureClients(Optional<Address> address, boolean isUnified, boolean isOnly, Tls tls) {

    /** Empty if they do not. */
    static Optional<SecureClients> read(Settings settings, boolean isOnly) throws ConfigException {
        int port = settings.integer("secureClientPort", 0, 0, 65_535);
        Optional<String> host = settings.text("secureClientPortAddress").filter(text -> !text.isEmpty());
        if (port == 0 && host.isPresent()) {
            throw settings.error(
                    "secureClientPortAddress", "is set but secureClientPort is not; add secureClientPort=2281");
        }
        boolean isUnified = settings.bool("client.portUnification", false);
        if (port == 0 && !isUnified) return Optional.empty();
        Optional<Address> address =
                port == 0 ? Optional.empty() : Optional.of(new Address(host.orElse("0.0.0.0"), port));
        return Optional.of(new SecureClients(address, isUnified, isOnly, Tls.ofClients(settings)));
    }
}
