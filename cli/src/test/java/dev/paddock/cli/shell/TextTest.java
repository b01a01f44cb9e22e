package dev.paddock.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Stat;
import org.junit.jupiter.api.Test;

/** The form of ZooKeeper 3.9's zkCli, which scripts read. */
class TextTest {
    @Test
    void aStatAsZkCliPrintsIt() {
        Stat stat = new Stat(4, 0x1a, 0, 0, 1, 2, 3, 0x100, 5, 6, 20);
        assertThat(Text.of(stat).lines().filter(line -> !line.contains("time")))
                .containsExactly(
                        "cZxid = 0x4",
                        "mZxid = 0x1a",
                        "pZxid = 0x14",
                        "cversion = 2",
                        "dataVersion = 1",
                        "aclVersion = 3",
                        "ephemeralOwner = 0x100",
                        "dataLength = 5",
                        "numChildren = 6");
    }

    @Test
    void aclsAsZkCliPrintsThem() {
        assertThat(Text.of(new Acl(Perms.ALL, Id.ANYONE))).isEqualTo("'world,'anyone\n: cdrwa");
        assertThat(Text.of(new Acl(Perms.READ | Perms.DELETE, new Id("ip", "10.0.0.1"))))
                .isEqualTo("'ip,'10.0.0.1\n: dr");
    }

    @Test
    void readsAclsWhoseIdHasColons() {
        assertThat(Text.acls("world:anyone:r,digest:ben:hash=:cdrwa"))
                .containsExactly(new Acl(Perms.READ, Id.ANYONE), new Acl(Perms.ALL, new Id("digest", "ben:hash=")));
    }

    @Test
    void refusesWhatIsNoAcl() {
        assertThatThrownBy(() -> Text.acls("world:r")).hasMessage("'world:r' is not scheme:id:perms");
        assertThatThrownBy(() -> Text.acls("world:anyone:rx")).hasMessage("'x' is no permission; there are c d r w a");
    }
}
