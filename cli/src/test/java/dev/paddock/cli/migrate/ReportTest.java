package dev.paddock.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.operator.migration.Presence.Digests;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Answers as Apache ZooKeeper 3.9.5 gives them, cut short. */
class ReportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void monitorTellsMismatches() throws Exception {
        assertThat(Report.mismatches(JSON.readTree("{\"digest_mismatches_count\" : 3, \"error\" : null}")))
                .contains(3L);
        assertThat(Report.mismatches(JSON.readTree("{\"digest_mismatches_count\" : 3.0}")))
                .as("where they go to Prometheus")
                .contains(3L);
        assertThat(Report.mismatches(JSON.readTree("{\"command\" : \"monitor\"}")))
                .isEmpty();
    }

    @Test
    void systemPropertiesAreAllButWhatIsOfTheCommand() throws Exception {
        assertThat(Report.properties(JSON.readTree("{\"java.version\" : \"25\", \"zookeeper.snapCount\" : \"5\","
                        + " \"command\" : \"system_properties\", \"error\" : null}")))
                .isEqualTo(Map.of("java.version", "25", "zookeeper.snapCount", "5"));
    }

    @Test
    void hashTellsDigests() throws Exception {
        assertThat(Report.digests(JSON.readTree("{\"digests\" : [ {\"zxid\" : 4294967424, \"digestVersion\" : 2,"
                        + " \"digest\" : 7}, {\"zxid\" : 4294967552, \"digestVersion\" : 2, \"digest\" : -3} ]}")))
                .contains(new Digests(new TreeMap<>(Map.of(0x1_0000_0080L, 7L, 0x1_0000_0100L, -3L))));
        assertThat(Report.digests(JSON.readTree("{\"error\" : \"no\"}"))).isEmpty();
    }
}
