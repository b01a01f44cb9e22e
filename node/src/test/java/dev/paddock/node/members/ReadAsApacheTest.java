package dev.paddock.node.members;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.util.List;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;

/** Our readers of text against those that Apache ZooKeeper 3.9.5 uses, in the same process. */
class ReadAsApacheTest {
    private static final List<String> REFUSED_BY_US_ONLY =
            List.of("' is not a host name or address", "' is not a number from 1 to 65535");

    @Property(tries = 1500)
    void propertiesAreReadAsJavaDoes(@ForAll("lines") String text) throws IOException {
        String theirs;
        try {
            var properties = new Properties();
            properties.load(new StringReader(text));
            theirs = properties.toString();
        } catch (IllegalArgumentException e) {
            theirs = "malformed";
        }
        String ours;
        try {
            ours = PropertyText.read(text).toString();
        } catch (MalformedException e) {
            ours = "malformed";
        }
        assertThat(ours).isEqualTo(theirs);
    }

    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.of(
                        "a", "b", "=", ":", " ", "\t", "\f", "\n", "\r", "\\", "\\", "#", "!", "u0041", "u00", "n", "é")
                .list()
                .ofMaxSize(14)
                .map(pieces ->
                        String.join("", pieces) + "\nend=1"); // a lone backslash at the very end is nothing to us
    }

    @Property(tries = 1500)
    void literalsArePrintedAsJavaDoes(@ForAll("hosts") String host) {
        String canonical = Literals.canonical(host);
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            assertThat(canonical).isEqualTo(host);
            return;
        }
        assertThat(canonical).isEqualTo(address.getHostAddress());
        assertThat(Literals.isLoopbackOrWildcard(canonical))
                .isEqualTo(address.isLoopbackAddress() || address.isAnyLocalAddress());
    }

    @Provide
    Arbitrary<String> hosts() {
        Arbitrary<String> v6 = Arbitraries.of(":", ":", "::", "0", "1", "ffff", "FF", "0db8", "12345", "1.2.3.4", "g")
                .list()
                .ofMinSize(1)
                .ofMaxSize(15)
                .map(pieces -> ":" + String.join("", pieces));
        Arbitrary<String> v6Like = Arbitraries.of("0", "1", "ffff", "Ab", "0db8", "", "1.2.3.4")
                .list()
                .ofMinSize(6)
                .ofMaxSize(9)
                .map(groups -> String.join(":", groups));
        Arbitrary<String> v4 = Arbitraries.of("0", "1", "127", "255", "256", "007", "65536", "16777216")
                .list()
                .ofMinSize(2)
                .ofMaxSize(5)
                .map(parts -> String.join(".", parts));
        return Arbitraries.oneOf(v6, v6Like, v4);
    }

    @Property(tries = 6000)
    void serversAreReadAsApacheDoes(@ForAll("servers") String text) {
        String theirs;
        try {
            theirs = new QuorumServer(7, text).toString();
        } catch (ConfigException e) {
            theirs = "BADARGUMENTS";
        } catch (RuntimeException e) {
            theirs = "MARSHALLINGERROR";
        }
        String ours;
        try {
            ours = ServerSpec.parse(7, text).toLine();
        } catch (MalformedException e) {
            ours = "MARSHALLINGERROR";
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            ours = REFUSED_BY_US_ONLY.stream().anyMatch(why::endsWith) && isOurs(text, why) ? theirs : "BADARGUMENTS";
        }
        assertThat(ours).as(text).isEqualTo(theirs);
    }

    /** Port 0, no host, and hosts of characters that are none: Apache goes on with them, wherever it ends. */
    private static boolean isOurs(String text, String why) {
        return why.endsWith("address") || why.contains(" '0' ") || why.contains(" '00' ") || text.contains("|");
    }

    @Provide
    Arbitrary<String> servers() {
        Arbitrary<String> host =
                Arbitraries.of("10.0.0.1", "127.1", "[::1]", "[2001:db8::7]", "localhost", "", "[::1", "::1");
        Arbitrary<String> port = Arbitraries.of(
                "1", "2", "2888", "3888", "65535", "65536", "-1", "+7", "0", "", " 8", "9 ", "x", "99999999999");
        Arbitrary<String> role =
                Arbitraries.of("", "", ":", "::", ":observer", ":Participant", ": OBSERVER ", ":x", ":observer:y");
        Arbitrary<String> client = Arbitraries.of("", "", ";", ";;", ";:", "; ", ";x:", "|", ";2181:");
        Arbitrary<String> address = host.flatMap(h -> port.map(p -> ";" + h + ":" + p));
        Arbitrary<String> onlyPort = port.map(p -> ";" + p);
        Arbitrary<String> end = Arbitraries.oneOf(client, address, onlyPort, address.map(a -> a + ";1"));
        return Combinators.combine(host, port, port, role, end)
                .as((h, quorum, election, r, e) -> h + ":" + quorum + ":" + election + r + e);
    }
}
