package dev.paddock.node.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Id;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitiesTest {
    private static final List<String> SCHEMES = List.of("ip", "digest", "sasl", "x509", "super");

    /** Up to the first growth of Apache's table: then it turns the order of some buckets round. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void areInTheOrderOfApachesTable(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<Id> ours = List.of();
            Set<org.apache.zookeeper.data.Id> theirs = Collections.newSetFromMap(new ConcurrentHashMap<>());
            int count = random.nextInt(1, 12);
            for (int i = 0; i < count; i++) {
                var id = new Id(SCHEMES.get(random.nextInt(SCHEMES.size())), "user" + random.nextInt(30));
                ours = Identities.plus(ours, id);
                theirs.add(new org.apache.zookeeper.data.Id(id.scheme(), id.id()));
            }
            assertThat(ours)
                    .containsExactlyElementsOf(theirs.stream()
                            .map(id -> new Id(id.getScheme(), id.getId()))
                            .toList());
        }
    }
}
