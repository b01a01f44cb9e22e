package dev.paddock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connect strings and paths, good and bad. */
final class ConnectStringTest {
    @Test
    void namesAddressesPortsAndChroot() {
        var parsed = ConnectString.parse("zk-0.zk:2182, 10.0.0.1 ,[::1]:2183,[fe80::1]/app/one");
        assertThat(parsed.servers())
                .isEqualTo(List.of(
                        new ConnectString.Server("zk-0.zk", 2182),
                        new ConnectString.Server("10.0.0.1", 2181),
                        new ConnectString.Server("::1", 2183),
                        new ConnectString.Server("fe80::1", 2181)));
        assertThat(parsed.chroot()).isEqualTo("/app/one");
        assertThat(parsed).hasToString("zk-0.zk:2182,10.0.0.1:2181,[::1]:2183,[fe80::1]:2181/app/one");
        assertThat(ConnectString.parse("a/")).isEqualTo(ConnectString.parse("a:2181"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a,",
                ":1",
                "a:0",
                "a:65536",
                "a:x",
                "a:",
                "::1",
                "::1:2181",
                "[::1",
                "[::1]x",
                "[]:1",
                "a:1/b/",
                "a:1//b"
            })
    void whatIsMalformedIsRefused(String text) {
        assertThatThrownBy(() -> ConnectString.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/a/b.c/..d", "/ä/日本"})
    void goodPaths(String path) {
        Paths.check(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "/a/", "//", "/a//b", "/.", "/a/../b", "/a\u0000", "/a\u001f", "/\ue000", "/\ufff0"})
    void badPaths(String path) {
        assertThatThrownBy(() -> Paths.check(path)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"'',/,/", "'',/a,/a", "/app,/,/app", "/app,/a/b,/app/a/b"})
    void chrootIsAddedAndTaken(String chroot, String clients, String servers) {
        assertThat(Paths.toServer(chroot, clients)).isEqualTo(servers);
        assertThat(Paths.toClient(chroot, servers)).isEqualTo(clients);
    }
}
