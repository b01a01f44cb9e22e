package dev.paddock.node.front;

import dev.paddock.node.meter.Namespaces;
import dev.paddock.node.meter.Summary;
import dev.paddock.node.meter.Tallies;
import dev.paddock.node.meter.Tally;
import dev.paddock.node.tree.Change;

/** What a client loop counts of its work besides {@link Traffic}. Owned by the loop. */
final class FrontMeter {
    final Summary readMillis = Summary.sorted();
    final Summary updateMillis = Summary.sorted();
    final Summary createdWatches = Summary.basic();
    final Summary deletedWatches = Summary.basic();
    final Summary changedWatches = Summary.basic();
    final Summary childrenWatches = Summary.basic();
    final Summary tokenDeficit = Summary.basic();
    final Summary throttleMillis = Summary.sorted();
    final Namespaces reads = new Namespaces();
    final Tallies tallies = new Tallies();
    int responseBytesLast = -1;
    int responseBytesMin = -1;
    int responseBytesMax = -1;

    void answered(boolean isUpdate, long millis) {
        (isUpdate ? updateMillis : readMillis).add(millis);
    }

    /** A frame with a reply header goes to a client; its length is without the four bytes that say it. */
    void framed(int bytes) {
        responseBytesLast = bytes;
        responseBytesMin = responseBytesMin < 0 ? bytes : Math.min(bytes, responseBytesMin);
        responseBytesMax = Math.max(bytes, responseBytesMax);
    }

    /** So many clients were told of a change. */
    void fired(Change.Kind kind, int events) {
        if (events == 0) return;
        switch (kind) {
            case CREATED -> createdWatches.add(events);
            case DELETED -> deletedWatches.add(events);
            case DATA_CHANGED -> changedWatches.add(events);
            case CHILDREN_CHANGED -> childrenWatches.add(events);
        }
    }

    /** A connection is closed of our own will. */
    void closed(CloseReason reason) {
        switch (reason) {
            case AUTH_FAILED -> tallies.count(Tally.AUTH_FAILED);
            case NO_SESSION -> tallies.count(Tally.HANDSHAKES_MISSED);
            case LARGE_REQUESTS -> tallies.count(Tally.LARGE_REQUESTS_REFUSED);
            case TOO_MANY_SESSIONS -> tallies.count(Tally.CONNECTIONS_REFUSED);
            default -> {} // which Apache does not count
        }
    }

    FrontReading read() {
        return new FrontReading(
                readMillis.read(),
                updateMillis.read(),
                createdWatches.read(),
                deletedWatches.read(),
                changedWatches.read(),
                childrenWatches.read(),
                tokenDeficit.read(),
                throttleMillis.read(),
                reads.read(),
                tallies.read(),
                responseBytesLast,
                responseBytesMin,
                responseBytesMax);
    }

    void reset() {
        readMillis.reset();
        updateMillis.reset();
        createdWatches.reset();
        deletedWatches.reset();
        changedWatches.reset();
        childrenWatches.reset();
        tokenDeficit.reset();
        throttleMillis.reset();
        reads.reset();
        tallies.reset();
        responseBytesLast = -1;
        responseBytesMin = -1;
        responseBytesMax = -1;
    }
}
