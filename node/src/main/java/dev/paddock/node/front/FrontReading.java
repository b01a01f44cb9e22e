package dev.paddock.node.front;

import dev.paddock.node.meter.Namespaces;
import dev.paddock.node.meter.Reading;
import dev.paddock.node.meter.Tallies;
import java.util.Map;

/**
 * What client loops counted of their work.
 *
 * @param readMillis         from arrival to answer, of what changes nothing
 * @param updateMillis       likewise, of what becomes a transaction
 * @param createdWatches     clients told of a creation, for each of which somebody was told; likewise the next three
 * @param tokenDeficit       tokens that the throttle of new sessions lacked, at each handshake
 * @param throttleMillis     how long requests waited before the core that had to
 * @param reads              bytes of each read, by the first name of its path
 * @param responseBytesLast  of the last answer; -1 if there was none
 */
public record FrontReading(
        Reading readMillis,
        Reading updateMillis,
        Reading createdWatches,
        Reading deletedWatches,
        Reading changedWatches,
        Reading childrenWatches,
        Reading tokenDeficit,
        Reading throttleMillis,
        Map<String, Reading> reads,
        Tallies tallies,
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
                tokenDeficit.plus(other.tokenDeficit),
                throttleMillis.plus(other.throttleMillis),
                Namespaces.plus(reads, other.reads),
                tallies.plus(other.tallies),
                other.responseBytesLast < 0 ? responseBytesLast : other.responseBytesLast,
                least(responseBytesMin, other.responseBytesMin),
                Math.max(responseBytesMax, other.responseBytesMax));
    }

    private static int least(int a, int b) {
        return a < 0 ? b : b < 0 ? a : Math.min(a, b);
    }
}
