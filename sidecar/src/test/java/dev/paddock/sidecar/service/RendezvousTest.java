package dev.paddock.sidecar.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;

class RendezvousTest {

    private static List<Instance> instances(List<String> ids, int... weights) {
        var instances = new ArrayList<Instance>();
        for (int i = 0; i < ids.size(); i++)
            instances.add(new Instance(
                    ids.get(i), "10.0.0.1", 80, weights.length == 0 ? 1 : weights[i % weights.length], Map.of()));
        return instances;
    }

    private static String pick(List<Instance> instances, String key) {
        return Rendezvous.pick(instances, key, 1).getFirst().id();
    }

    @Property(tries = 200)
    void anInstanceThatLeavesMovesOnlyItsOwnKeys(
            @ForAll @UniqueElements @Size(min = 2, max = 12)
                    List<@AlphaChars @StringLength(min = 1, max = 8) String> ids,
            @ForAll @IntRange(max = 100) int leaving,
            @ForAll @IntRange(min = 1, max = 5) int weight) {
        List<Instance> all = instances(ids, 1, weight);
        var left = new ArrayList<>(all);
        String gone = left.remove(leaving % all.size()).id();
        for (int i = 0; i < 200; i++) {
            String before = pick(all, "key-" + i);
            String after = pick(left, "key-" + i);
            if (!before.equals(gone)) assertThat(after).isEqualTo(before);
            else
                assertThat(after)
                        .isEqualTo(Rendezvous.pick(all, "key-" + i, 2).get(1).id());
        }
    }

    @Property(tries = 40)
    void loadIsBounded(
            @ForAll @UniqueElements @Size(min = 1, max = 12)
                    List<@AlphaChars @StringLength(min = 1, max = 8) String> ids,
            @ForAll @IntRange(min = 1, max = 3) int weight) {
        List<Instance> all = instances(ids, 1, weight);
        double total = all.stream().mapToInt(Instance::weight).sum();
        int keys = (int) (1000 * total);
        var load = new HashMap<String, Integer>();
        for (int i = 0; i < keys; i++) load.merge(pick(all, "user/" + i), 1, Integer::sum);
        for (Instance instance : all) {
            double fair = keys * instance.weight() / total;
            assertThat(load.getOrDefault(instance.id(), 0)).isBetween((int) (fair * 0.75), (int) (fair * 1.25));
        }
    }

    @Property(tries = 50)
    void theOrderOfTheListDoesNotMatter(@ForAll @AlphaChars @StringLength(min = 1, max = 20) String key) {
        List<Instance> all = instances(List.of("a", "b", "c", "d", "e"));
        assertThat(Rendezvous.pick(all.reversed(), key, 5)).isEqualTo(Rendezvous.pick(all, key, 5));
    }

    @Test
    void weightZeroTakesNothing() {
        assertThat(Rendezvous.pick(instances(List.of("a", "b"), 0, 1), "k", 2))
                .extracting(Instance::id)
                .containsExactly("b");
        assertThat(Rendezvous.pick(instances(List.of("a"), 0), "k", 1)).isEmpty();
    }

    /** What other sidecars, of this and of later versions, must answer as well; computed by a second implementation in Python. */
    @Test
    void picksStayAsTheyAre() {
        List<Instance> all = instances(List.of("a", "b", "c"));
        var picks = new StringBuilder();
        for (int i = 0; i < 16; i++) picks.append(pick(all, "key-" + i));
        assertThat(picks).hasToString("cbbaaaabacbbaccb");
    }
}
