package dev.paddock.node.front;

import dev.paddock.node.meter.Reading;

/**
 * What client loops counted of their work.
 *
 * @param readMillis         from arrival to answer, of what changes nothing
 * @param updateMillis       likewise, of what becomes a transaction
 * @param createdWatches     clients told of a creation, for each of which somebody was told; likewise the next three
 * @param handshakesMissed   connections closed since no session came in time
 * @param connectionsLeft    connections that are gone, for whatever reason
 * @param responseBytesLast  of the last answer; -1 if there was none
 */
public record FrontReading(
        Reading readMillis,
        Reading updateMillis,
        Reading createdWatches,
        Reading deletedWatches,
        Reading changedWatches,
        Reading childrenWatches,
        long responseBytes,
        long watchBytes,
        long connectRequests,
        long renewals,
        long authFailures,
        long handshakesMissed,
        long connectionsLeft,
        long largeRequestsRefused,
        int responseBytesLast,
        int responseBytesMin,
        int responseBytesMax) {

    static final FrontReading NONE = new FrontMeter().read();

    FrontReading plus(FrontReading other) {
        return new FrontReading(
                readMillis.plus(other.readMillis),
                updateMillis.plus(other.updateMillis),
                createdWatches.plus(other.createdWatches),
                deletedWatches.plus(other.deletedWatches),
                changedWatches.plus(other.changedWatches),
                childrenWatches.plus(other.childrenWatches),
                responseBytes + other.responseBytes,
                watchBytes + other.watchBytes,
                connectRequests + other.connectRequests,
                renewals + other.renewals,
                authFailures + other.authFailures,
                handshakesMissed + other.handshakesMissed,
                connectionsLeft + other.connectionsLeft,
                largeRequestsRefused + other.largeRequestsRefused,
                other.responseBytesLast < 0 ? responseBytesLast : other.responseBytesLast,
                least(responseBytesMin, other.responseBytesMin),
                Math.max(responseBytesMax, other.responseBytesMax));
    }

    private static int least(int a, int b) {
        return a < 0 ? b : b < 0 ? a : Math.min(a, b);
    }
}
