package dev.paddock.node.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The map beside a TreeMap. */
class LongMapProperties {
    @Property
    void behavesAsMapAndKeepsOldVersions(
            @ForAll List<@IntRange(min = -40, max = 40) Integer> keys, @ForAll boolean wide) {
        LongMap<Integer> map = LongMap.empty();
        var model = new TreeMap<Long, Integer>();
        var versions = new ArrayList<LongMap<Integer>>();
        var models = new ArrayList<TreeMap<Long, Integer>>();
        for (int i = 0; i < keys.size(); i++) {
            long key = wide ? keys.get(i) * 0x0100_0000_0000_0001L : keys.get(i);
            if (i % 3 == 2) {
                map = map.without(key);
                model.remove(key);
            } else {
                map = map.with(key, i);
                model.put(key, i);
            }
            assertThat(map.size()).isEqualTo(model.size());
            versions.add(map);
            models.add(new TreeMap<>(model));
        }
        for (int i = 0; i < versions.size(); i++)
            assertThat(content(versions.get(i))).isEqualTo(models.get(i));
        for (int key = -41; key <= 41; key++) assertThat(map.get(key)).isEqualTo(model.get((long) key));
    }

    private static Map<Long, Integer> content(LongMap<Integer> map) {
        var content = new TreeMap<Long, Integer>();
        map.forEach((key, value) -> {
            assertThat(content.put(key, value)).isNull();
            assertThat(map.get(key)).isEqualTo(value);
        });
        return content;
    }
}
