package dev.paddock.node.net;

/**
 * What a link to a learner has carried.
 *
 * @param address          of the learner's end, like {@code /10.0.0.2:40312}
 * @param establishedMillis wall time at which it came
 * @param queuedPackets    that wait behind a snapshot
 * @param queuedBytes      that the kernel has not taken
 * @param packetsReceived  since it came or the last reset, as are the next two
 * @param packetsSent      packets
 * @param requests         of the learner's clients
 * @param lastZxid         of the last packet sent that is no ping; -1 if there was none since
 */
public record LinkStats(
        String address,
        long establishedMillis,
        int queuedPackets,
        long queuedBytes,
        long packetsReceived,
        long packetsSent,
        long requests,
        long lastZxid) {}
