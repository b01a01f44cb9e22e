package dev.paddock.node.server;

import dev.paddock.node.meter.Reading;
import dev.paddock.node.meter.Summary;
import dev.paddock.node.zab.Input;
import dev.paddock.wire.QuorumPacket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long each server takes from a proposal to its ack, on the leader. An ack covers all before it, and is measured by the
 * proposal that it names. Owned by the core thread.
 */
final class AckMeter {
    private static final int PROPOSALS = 4096; // the last ones, a power of two; acks of older ones are not measured

    private final long self;
    private final long[] zxids = new long[PROPOSALS]; // ascending from the oldest on
    private final long[] nanos = new long[PROPOSALS];
    private final Map<Long, Long> sids = new HashMap<>(); // of the servers behind the links of learners
    private final Map<Long, Summary> millis = new TreeMap<>(); // by sid
    private long proposed;

    AckMeter(long self) {
        this.self = self;
    }

    void proposed(long zxid) {
        int at = (int) (proposed++ % PROPOSALS);
        zxids[at] = zxid;
        nanos[at] = System.nanoTime();
    }

    void input(Input input) {
        if (input instanceof Input.Forced(long zxid)) acked(self, zxid);
        else if (input instanceof Input.Received(long link, QuorumPacket packet)) received(link, packet);
        else if (input instanceof Input.Unlinked(long link)) sids.remove(link);
    }

    private void received(long link, QuorumPacket packet) {
        byte[] data = packet.data();
        boolean calls = packet.type() == QuorumPacket.FOLLOWERINFO || packet.type() == QuorumPacket.OBSERVERINFO;
        if (calls && data != null && data.length >= Long.BYTES) {
            sids.put(link, ByteBuffer.wrap(data).getLong());
        } else if (packet.type() == QuorumPacket.ACK) {
            Long sid = sids.get(link);
            if (sid != null) acked(sid, packet.zxid());
        }
    }

    private void acked(long sid, long zxid) {
        long low = Math.max(0, proposed - PROPOSALS);
        long high = proposed;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (zxids[(int) (middle % PROPOSALS)] < zxid) low = middle + 1;
            else high = middle;
        }
        int at = (int) (low % PROPOSALS);
        if (low == proposed || zxids[at] != zxid) return;
        millis.computeIfAbsent(sid, s -> Summary.sorted()).add((System.nanoTime() - nanos[at]) / 1_000_000);
    }

    /** By sid. */
    Map<String, Reading> read() {
        var all = new TreeMap<String, Reading>();
        millis.forEach((sid, summary) -> all.put(Long.toString(sid), summary.read()));
        return all;
    }

    /** Learners that have called, in step or not. */
    int learners() {
        return sids.size();
    }

    void reset() {
        millis.values().forEach(Summary::reset);
    }

    /** Another leadership begins, or none: no ack is due any more. */
    void forgetProposals() {
        proposed = 0;
        Arrays.fill(zxids, 0);
    }
}
