package dev.paddock.node.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The trie beside a TreeMap, with good hashes and with bad ones. */
class KeyedTrieProperties {
    /** An entry whose hash the test chooses, so that collisions are as frequent as it likes. */
    private static final class Entry extends Keyed {
        final int value;

        Entry(String key, int value, int hash) {
            super(key.getBytes(StandardCharsets.UTF_8), hash);
            this.value = value;
        }

        String name() {
            return new String(key, StandardCharsets.UTF_8);
        }
    }

    /** Puts or, if the value is negative, removes. */
    record Step(int key, int value) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> keys = Arbitraries.integers().between(0, 60);
        return keys.flatMap(key -> Arbitraries.integers().between(-6, 9).map(value -> new Step(key, value)))
                .list()
                .ofMaxSize(400);
    }

    private static Entry entry(Step step) {
        String name = "name-" + step.key;
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        return new Entry(name, step.value, Keyed.hash(key, 0, key.length));
    }

    @Property
    void behavesAsMapAndKeepsOldVersions(@ForAll("steps") List<Step> steps) {
        KeyedTrie<Entry> trie = KeyedTrie.empty();
        var model = new TreeMap<String, Integer>();
        var versions = new ArrayList<KeyedTrie<Entry>>();
        var models = new ArrayList<TreeMap<String, Integer>>();
        for (Step step : steps) {
            Entry entry = entry(step);
            if (step.value < 0) {
                trie = trie.without(entry.key, 0, entry.key.length);
                model.remove(entry.name());
            } else {
                trie = trie.with(entry);
                model.put(entry.name(), step.value);
            }
            assertThat(trie.size()).isEqualTo(model.size());
            versions.add(trie);
            models.add(new TreeMap<>(model));
        }
        for (int i = 0; i < versions.size(); i++)
            assertThat(content(versions.get(i))).isEqualTo(models.get(i));
    }

    @Property
    void orderDependsOnContentOnly(@ForAll("steps") List<Step> steps, @ForAll long seed) {
        KeyedTrie<Entry> trie = KeyedTrie.empty();
        for (Step step : steps) {
            Entry entry = entry(step);
            trie = step.value < 0 ? trie.without(entry.key, 0, entry.key.length) : trie.with(entry);
        }
        var entries = new ArrayList<Entry>();
        trie.forEach(entries::add);
        var shuffled = new ArrayList<>(entries);
        Collections.shuffle(shuffled, new Random(seed));
        KeyedTrie<Entry> one = KeyedTrie.empty();
        for (Entry entry : shuffled) one = one.with(entry);
        KeyedTrie<Entry> bulk = KeyedTrie.of(shuffled.toArray(Keyed[]::new), shuffled.size());
        assertThat(one).containsExactlyElementsOf(entries);
        assertThat(bulk).containsExactlyElementsOf(entries);
        assertThat(bulk.size()).isEqualTo(entries.size());
    }

    /** Hashes of a few bits, high and low ones, so that buckets split at every level and grow below the last. */
    private static Entry colliding(Step step) {
        return new Entry("name-" + step.key, step.value, (step.key % 3) << 30 | (step.key % 5) << 8 | step.key % 2);
    }

    @Property
    void goesOnAfterAnyKey(@ForAll("steps") List<Step> steps, @ForAll boolean collide) {
        KeyedTrie<Entry> trie = KeyedTrie.empty();
        for (Step step : steps) trie = trie.with(collide ? colliding(step) : entry(step));
        var all = new ArrayList<Entry>();
        trie.forEach(all::add);
        assertThat(all).isSortedAccordingTo((a, b) -> a.compareTo(b.hash, b.key, 0, b.key.length));
        for (int key = 0; key <= 60; key++) {
            var step = new Step(key, 0);
            Entry cursor = collide ? colliding(step) : entry(step);
            var rest = new ArrayList<Entry>();
            trie.after(cursor.hash, cursor.key).forEachRemaining(rest::add);
            assertThat(rest)
                    .containsExactlyElementsOf(all.stream()
                            .filter(entry -> entry.compareTo(cursor.hash, cursor.key, 0, cursor.key.length) > 0)
                            .toList());
        }
    }

    /** The promise that paging rests on: a listing in parts, with anything done between the parts. */
    @Property
    void listsInPartsWhatWasThereThroughout(
            @ForAll("steps") List<Step> before,
            @ForAll("steps") List<Step> between,
            @ForAll boolean collide,
            @ForAll long seed) {
        KeyedTrie<Entry> trie = KeyedTrie.empty();
        for (Step step : before) trie = trie.with(collide ? colliding(step) : entry(step));
        var always = new java.util.HashSet<String>();
        trie.forEach(entry -> always.add(entry.name()));
        var ever = new java.util.HashSet<>(always);
        var random = new Random(seed);
        var listed = new ArrayList<String>();
        var left = new java.util.ArrayDeque<>(between);
        var part = trie.iterator();
        while (part.hasNext()) {
            Entry last = part.next();
            listed.add(last.name());
            for (int i = random.nextInt(4); i > 0 && part.hasNext(); i--) {
                last = part.next();
                listed.add(last.name());
            }
            for (int i = random.nextInt(40); i > 0 && !left.isEmpty(); i--) {
                Step step = left.remove();
                Entry entry = collide ? colliding(step) : entry(step);
                if (step.value < 2) {
                    trie = without(trie, entry);
                    always.remove(entry.name());
                } else {
                    trie = trie.with(entry);
                    ever.add(entry.name());
                }
            }
            part = trie.after(last.hash, last.key);
        }
        assertThat(listed).doesNotHaveDuplicates().containsAll(always);
        assertThat(ever).containsAll(listed);
    }

    /** {@link KeyedTrie#without} takes the true hash, which a colliding entry does not have: its like is made of the others. */
    private static KeyedTrie<Entry> without(KeyedTrie<Entry> trie, Entry gone) {
        KeyedTrie<Entry> rest = KeyedTrie.empty();
        for (Entry entry : trie) if (!entry.name().equals(gone.name())) rest = rest.with(entry);
        return rest;
    }

    @Property
    void findsKeysInsideLargerArrays(@ForAll("steps") List<Step> steps) {
        KeyedTrie<Entry> trie = KeyedTrie.empty();
        for (Step step : steps) trie = trie.with(entry(step));
        for (Step step : steps) {
            byte[] larger = ("/some/name-" + step.key + "/more").getBytes(StandardCharsets.UTF_8);
            int to = larger.length - "/more".length();
            assertThat(trie.get(larger, "/some/".length(), to)).isNotNull();
            assertThat(trie.get(larger, "/some/".length(), to - 6)).isNull();
        }
    }

    @Example
    void survivesNamesThatAllCollide() {
        KeyedTrie<Colliding> trie = KeyedTrie.empty();
        int count = 2_000;
        for (int i = 0; i < count; i++) trie = trie.with(new Colliding(i));
        assertThat(trie.size()).isEqualTo(count);
        assertThat(trie).hasSize(count);
        for (int i = 0; i < count; i++) trie = trie.with(new Colliding(i)); // each in its own place
        assertThat(trie.size()).isEqualTo(count);
        Keyed[] bulk = new Keyed[count];
        for (int i = 0; i < count; i++) bulk[i] = new Colliding(count - 1 - i);
        assertThat(KeyedTrie.<Colliding>of(bulk, count))
                .extracting(c -> c.number)
                .containsExactlyElementsOf(numbers(trie));
    }

    private static List<Integer> numbers(KeyedTrie<Colliding> trie) {
        var numbers = new ArrayList<Integer>();
        for (Colliding entry : trie) numbers.add(entry.number);
        return numbers;
    }

    /** All with one hash. */
    private static final class Colliding extends Keyed {
        final int number;

        Colliding(int number) {
            super(("c" + number).getBytes(StandardCharsets.UTF_8), 0x5eed);
            this.number = number;
        }
    }

    @Example
    void refusesAKeyTwiceInBulk() {
        Keyed[] twice = {entry(new Step(1, 1)), entry(new Step(2, 1)), entry(new Step(1, 2))};
        assertThatThrownBy(() -> KeyedTrie.of(twice, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Example
    void hashSpreadsCountedNames() {
        var seen = new java.util.HashSet<Integer>();
        int[] slots = new int[1024];
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            byte[] name = String.format("lock-%010d", i).getBytes(StandardCharsets.UTF_8);
            int hash = Keyed.hash(name, 0, name.length);
            seen.add(hash);
            slots[hash & 1023]++;
        }
        assertThat(seen.size()).isGreaterThan(count - 10); // a random function has about one collision here
        for (int slot : slots) assertThat(slot).isBetween(40, 170);
    }

    private static Map<String, Integer> content(KeyedTrie<Entry> trie) {
        var content = new TreeMap<String, Integer>();
        for (Entry entry : trie)
            assertThat(content.put(entry.name(), entry.value)).isNull();
        return content;
    }
}
