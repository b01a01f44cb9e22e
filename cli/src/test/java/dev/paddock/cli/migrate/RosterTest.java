package dev.paddock.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.members.Address;
import dev.paddock.operator.migration.Finding.Known;
import dev.paddock.operator.migration.Finding.Unknown;
import dev.paddock.operator.migration.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RosterTest {
    private static final String MEMBERS = """
            server.1=a:2888:3888
            server.2=b:2888:3888
            server.3=c:2888:3888:observer;[::1]:2199
            """;

    @TempDir
    Path folder;

    private String file(String name, String... lines) throws IOException {
        String common = "dataDir=" + folder.resolve("data-" + name) + "\ninitLimit=10\nsyncLimit=5\n";
        return Files.writeString(folder.resolve(name), common + String.join("\n", lines) + "\n")
                .toString();
    }

    private static List<Optional<String>> addresses(Roster roster) {
        return roster.places().stream()
                .map(place -> place.client().map(Address::toString))
                .toList();
    }

    @Test
    void copiesOfOneFileAreOfSeveralMachines() throws Exception {
        String zoo = file("zoo.cfg", MEMBERS, "clientPort=2181", "audit.enable=true");
        Roster roster = Roster.ofFiles(List.of("1=" + zoo, "2=" + zoo));
        assertThat(addresses(roster))
                .containsExactly(Optional.of("a:2181"), Optional.of("b:2181"), Optional.of("[0:0:0:0:0:0:0:1]:2199"));
        assertThat(roster.places().stream().map(Place::votes)).containsExactly(true, true, false);
        assertThat(roster.place(1).settings(Optional.of(Map.of())))
                .isEqualTo(new Known<>(new Settings(List.of(), List.of("audit.enable"), List.of(), List.of())));
        assertThat(roster.place(3).settings(Optional.of(Map.of()))).isInstanceOf(Unknown.class);
        assertThat(roster.quorum().isMadeBy(sid -> sid == 1)).isFalse();
        assertThat(roster.quorum().isMadeBy(sid -> sid < 3)).isTrue();
    }

    @Test
    void aClientPortIsGuessedForOtherMachinesOnly() throws Exception {
        String zoo = file(
                "zoo.cfg", "server.1=a:2888:3888", "server.2=b:2888:3888", "server.3=a:2889:3889", "clientPort=2181");
        assertThat(addresses(Roster.ofFiles(List.of("1=" + zoo))))
                .containsExactly(Optional.of("a:2181"), Optional.of("b:2181"), Optional.empty());
    }

    @Test
    void aLocalMemberNeedsTheFilesThatItRanOn() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data-zoo.cfg"));
        Files.writeString(data.resolve("myid"), "2\n");
        String zoo = file("zoo.cfg", MEMBERS, "clientPort=2181");
        Place place = Roster.ofFiles(List.of(zoo)).place(2);
        assertThat(place.settings(Optional.of(Map.of())).known().orElseThrow().refusals())
                .singleElement()
                .asString()
                .contains("holds no currentEpoch");
        Files.createDirectories(data.resolve("version-2"));
        Files.writeString(data.resolve("version-2/currentEpoch"), "1\n");
        assertThat(place.settings(Optional.of(Map.of()))).isEqualTo(new Known<>(Settings.FINE));
    }

    @Test
    void whoCannotBeAskedIsRefused() throws Exception {
        String keys = Files.writeString(folder.resolve("keys.pem"), "").toString();
        String tls = "secureClientPort=2281\nssl.keyStore.location=" + keys + "\nssl.clientAuth=none";
        assertThat(refusals(MEMBERS, tls))
                .singleElement()
                .asString()
                .contains("zoo.cfg lets clients in by TLS alone", "add a clientPort");
        assertThat(refusals(MEMBERS, tls, "clientPort=2181"))
                .as("by the plain port")
                .isEmpty();
        String sasl = "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider";
        assertThat(refusals(MEMBERS, "clientPort=2181", sasl, "sessionRequireClientSASLAuth=true"))
                .singleElement()
                .asString()
                .contains("has clients prove who they are", "take that line out");
        String digest = "enforce.auth.schemes=digest";
        assertThat(refusals(MEMBERS, "clientPort=2181", digest, "enforce.auth.enabled=true"))
                .hasSize(1);
        assertThat(refusals(MEMBERS, "clientPort=2181", digest)).isEmpty();
    }

    private List<String> refusals(String... lines) throws IOException {
        Place place = Roster.ofFiles(List.of("1=" + file("zoo.cfg", lines))).place(1);
        return place.settings(Optional.of(Map.of())).known().orElseThrow().refusals();
    }

    @Test
    void aFileMayNotHavePaddockTakeMoreThanTheJvmOfZooKeeper() throws Exception {
        String zoo = file("zoo.cfg", MEMBERS, "clientPort=2181", "jute.maxbuffer=4194304");
        Place place = Roster.ofFiles(List.of("1=" + zoo)).place(1);
        assertThat(settings(place, Map.of("a", "b")).refusals())
                .singleElement()
                .asString()
                .contains("zoo.cfg has jute.maxbuffer=4194304", "there it is 1048575");
        assertThat(settings(place, Map.of("jute.maxbuffer", "2000000")).refusals())
                .hasSize(1);
        assertThat(settings(place, Map.of("jute.maxbuffer", "0x400000"))).isEqualTo(Settings.FINE);
        assertThat(place.settings(Optional.empty()).known().orElseThrow())
                .as("nobody can see")
                .isEqualTo(new Settings(List.of(), List.of(), List.of(), List.of("jute.maxbuffer")));
    }

    private static Settings settings(Place place, Map<String, String> flags) {
        return place.settings(Optional.of(flags)).known().orElseThrow();
    }

    @Test
    void aCopyGoesWithCopiesOfWhatItNames() throws Exception {
        String zoo = file("zoo.cfg", "dynamicConfigFile=/elsewhere/members.5", "clientPort=2181");
        assertThatThrownBy(() -> Roster.ofFiles(List.of("1=" + zoo, "2=" + zoo)))
                .hasMessageContaining("copy members.5 as well, beside " + zoo)
                .hasMessageNotContaining("does not start");
        Files.writeString(folder.resolve("members.5"), MEMBERS);
        assertThat(addresses(Roster.ofFiles(List.of("1=" + zoo, "2=" + zoo))))
                .hasSize(3)
                .contains(Optional.of("a:2181"), Optional.of("b:2181"));
    }

    @Test
    void whatIsNoEnsembleIsRefusedInOneLine() throws Exception {
        String alone = file("alone.cfg", "clientPort=2181");
        assertThatThrownBy(() -> Roster.ofFiles(List.of(alone))).hasMessageContaining("is of a server alone");
        String zoo = file("zoo.cfg", MEMBERS, "clientPort=2181");
        assertThatThrownBy(() -> Roster.ofFiles(List.of("1=" + zoo, "1=" + zoo)))
                .hasMessageContaining("are both of member 1");
        String other =
                file("other.cfg", MEMBERS.replace("2889", "2890").replace("b:2888", "x:2888"), "clientPort=2181");
        assertThatThrownBy(() -> Roster.ofFiles(List.of("1=" + zoo, "2=" + other)))
                .hasMessageContaining("name different members");
        String sasl = file("sasl.cfg", MEMBERS, "clientPort=2181", "quorum.auth.enableSasl=true");
        assertThatThrownBy(() -> Roster.ofFiles(List.of("1=" + sasl)))
                .hasMessageContaining("Paddock does not start with this")
                .hasMessageContaining("quorum.auth.enableSasl");
    }
}
