package dev.paddock.node.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.zookeeper.common.PathUtils;
import org.apache.zookeeper.server.auth.IPAuthenticationProvider;

/** Paths and addresses beside Apache ZooKeeper's own checks. */
class PathsAndAddressesTest {
    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.strings()
                .withChars("/..a\u007f\u0001\u00e4\ud800\uf900\ufff0")
                .ofMaxLength(9);
    }

    @Property(tries = 3000)
    void pathsAreValidAsApacheSays(@ForAll("paths") String path) {
        assertThat(Paths.isValid(path)).as(path).isEqualTo(isValidForApache(path));
        assertThat(Paths.isValid("/" + path)).as("/" + path).isEqualTo(isValidForApache("/" + path));
    }

    @Example
    void everyCharacterIsJudgedAlike() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            String path = "/a" + (char) c + "b";
            assertThat(Paths.isValid(path)).as("U+%04x", c).isEqualTo(isValidForApache(path));
        }
    }

    private static boolean isValidForApache(String path) {
        try {
            PathUtils.validatePath(path);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Provide
    Arbitrary<String> addresses() {
        Arbitrary<String> known = Arbitraries.of(
                "127.0.0.1",
                "127.0.0.2",
                "10.1.2.3",
                "255.255.255.255",
                "0.0.0.0",
                "256.1.1.1",
                "1.2.3",
                "1.2.3.4.5",
                "-1.2.3.4",
                "+1.2.3.4",
                "1..2.3",
                "::",
                "::1",
                "1::",
                "2001:db8::1",
                "2001:db8:0:0:0:0:0:2",
                "2001:DB8::ff",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::8",
                "1::2::3",
                ":1:2",
                "1:2:3:4:5:6:7:",
                "12345::",
                "g::",
                "fe80::1%eth0",
                "",
                "host",
                "::ffff:1.2.3.4");
        return Arbitraries.oneOf(known, Arbitraries.strings().withChars("01:.").ofMaxLength(7));
    }

    @Property(tries = 3000)
    void addressesMatchAsApacheSays(
            @ForAll("addresses") String id, @ForAll("addresses") String range, @ForAll("suffixes") String suffix) {
        var theirs = new IPAuthenticationProvider();
        IpRange ours = IpRange.parse(range + suffix);
        assertThat(ours != null).as(range + suffix).isEqualTo(theirs.isValid(range + suffix));
        if (ours == null) return;
        byte[] address = IpRange.address(id);
        assertThat(address != null && ours.contains(address))
                .as(id + " in " + range + suffix)
                .isEqualTo(theirs.matches(id, range + suffix));
        assertThat(ours.contains(ours.address())).as(range + suffix).isTrue();
    }

    @Provide
    Arbitrary<String> suffixes() {
        return Arbitraries.of(List.of(
                "", "/0", "/1", "/7", "/8", "/9", "/31", "/32", "/33", "/64", "/127", "/128", "/129", "/-1", "/x",
                "/"));
    }
}
