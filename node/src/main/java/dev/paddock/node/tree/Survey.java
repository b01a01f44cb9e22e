package dev.paddock.node.tree;

import dev.paddock.wire.Acl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a snapshot holds, and refuses what a {@link Loader} would: of a tree of any size it keeps only the names of
 * those siblings among which the next znode may come. Used by one thread, once.
 */
public final class Survey implements SnapshotContent {
    private static final Comparator<Subtree> BY_SIZE = Comparator.comparingLong(Subtree::dataBytes)
            .thenComparingLong(Subtree::znodes)
            .thenComparing(Subtree::path, Comparator.reverseOrder());

    private final TreeRules rules;
    private final int subtreeDepthMax;
    private final int subtreesMax;
    private final Descent descent = new Descent();
    private final List<Level> open = new ArrayList<>();
    private final PriorityQueue<Subtree> largest = new PriorityQueue<>(BY_SIZE); // the smallest of them first
    private long sessions;
    private long znodes;
    private long ephemerals;
    private long containers;
    private long ttls;
    private long dataBytes;
    private long digest;

    /**
     * A znode and all below it.
     *
     * @param znodes    how many they are, itself counted
     * @param dataBytes the bytes of their data
     */
    public record Subtree(String path, long znodes, long dataBytes) {}

    /** A znode whose children may still come. */
    private static final class Level {
        final String path; // empty where nobody will ask
        long znodes = 1;
        long dataBytes;

        @Nullable
        Set<String> children;

        Level(String path) {
            this.path = path;
        }
    }

    /**
     * Starts at the beginning.
     *
     * @param rules           say which owners are no sessions
     * @param subtreeDepthMax which subtrees to compare: those of znodes with so many names in their path at most
     * @param subtreesMax     how many to remember
     */
    public Survey(TreeRules rules, int subtreeDepthMax, int subtreesMax) {
        this.rules = rules;
        this.subtreeDepthMax = subtreeDepthMax;
        this.subtreesMax = subtreesMax;
    }

    @Override
    public Survey session(long sessionId, int timeoutMillis) {
        sessions++;
        return this;
    }

    @Override
    public Survey znode(byte[] buf, int from, int to, byte @Nullable [] data, List<Acl> acl, Znode.Stored stored) {
        int above = descent.enter(buf, from, to);
        while (open.size() > above) close();
        if (above > 0) addToParent(buf, from, to);
        boolean isAsked = above > 0 && above <= subtreeDepthMax;
        Level level = new Level(isAsked ? new String(buf, from, to - from, StandardCharsets.UTF_8) : "");
        level.dataBytes = data == null ? 0 : data.length;
        open.add(level);
        znodes++;
        dataBytes += level.dataBytes;
        count(Owner.of(stored.ephemeralOwner(), rules));
        if (NodeDigest.counts(buf, from, to)) {
            digest += NodeDigest.of(NodeDigest.prefix(buf, from, to, data), stored);
        }
        return this;
    }

    /** Ends it: all znodes have come. */
    public Survey end() {
        if (open.isEmpty() && znodes == 0) throw new IllegalArgumentException("no root");
        while (!open.isEmpty()) close();
        return this;
    }

    private void addToParent(byte[] buf, int from, int to) {
        Level parent = open.getLast();
        if (parent.children == null) parent.children = new HashSet<>();
        int start = Descent.startOfName(buf, from, to);
        if (!parent.children.add(
                new String(buf, start, to - start, StandardCharsets.ISO_8859_1))) { // bytes, one by one
            throw new IllegalArgumentException(
                    "znode \"" + new String(buf, from, to - from, StandardCharsets.UTF_8) + "\" comes twice");
        }
    }

    private void count(Owner owner) {
        switch (owner) {
            case NONE -> {}
            case SESSION -> ephemerals++;
            case CONTAINER -> containers++;
            case TTL -> ttls++;
        }
    }

    private void close() {
        Level level = open.removeLast();
        if (!open.isEmpty()) {
            open.getLast().znodes += level.znodes;
            open.getLast().dataBytes += level.dataBytes;
        }
        if (level.path.isEmpty()) return;
        largest.add(new Subtree(level.path, level.znodes, level.dataBytes));
        if (largest.size() > subtreesMax) largest.remove();
    }

    /** The subtrees with the most data, the largest first; only after {@link #end}. */
    public List<Subtree> largest() {
        return largest.stream().sorted(BY_SIZE.reversed()).toList();
    }

    /** How many sessions came. */
    public long sessions() {
        return sessions;
    }

    /** How many znodes came, the root included. */
    public long znodes() {
        return znodes;
    }

    /** How many of them are ephemerals. */
    public long ephemerals() {
        return ephemerals;
    }

    /** How many of them are containers. */
    public long containers() {
        return containers;
    }

    /** How many of them have a time to live. */
    public long ttls() {
        return ttls;
    }

    /** The bytes of all data. */
    public long dataBytes() {
        return dataBytes;
    }

    /** Apache's digest of the tree, version 2, whatever the rules say. */
    public long digest() {
        return digest;
    }
}
