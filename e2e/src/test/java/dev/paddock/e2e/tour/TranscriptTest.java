package dev.paddock.e2e.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {
    @Test
    void equalValuesHaveEqualNamesInAnyNotation() {
        assertThat(Transcript.comparable(List.of(
                        "czxid=17 mzxid=18 pzxid=17 ctime=1700000000000",
                        "cZxid = 0x11",
                        "WatchedEvent state:SyncConnected type:NodeCreated path:/a zxid: 18",
                        "WatchedEvent state:SyncConnected type:None path:null zxid: -1")))
                .containsExactly(
                        "czxid=z0 mzxid=z1 pzxid=z0 ctime=t",
                        "cZxid = z0",
                        "WatchedEvent state:SyncConnected type:NodeCreated path:/a zxid: z1",
                        "WatchedEvent state:SyncConnected type:None path:null zxid: -1");
    }

    @Test
    void nothingElseIsMasked() {
        List<String> lines = List.of(
                "ephemeralOwner = 0x0",
                "mtime = Thu Jan 01 00:00:00 UTC 1970",
                "version=17 cversion=3 dataLength=1000");
        assertThat(Transcript.comparable(lines)).containsExactly("ephemeralOwner = 0", lines.get(1), lines.get(2));
    }

    @Test
    void sessionsAndPortsAreTold() {
        assertThat(Transcript.comparable(
                        List.of("ephemeralOwner=5 session=0x6", "session=5 at 127.0.0.1:4000 and 127.0.0.1:4001")))
                .containsExactly("ephemeralOwner=s0 session=s1", "session=s0 at 127.0.0.1:p0 and 127.0.0.1:p1");
    }
}
