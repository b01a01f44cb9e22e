package dev.paddock.node.front;

import dev.paddock.node.meter.Summary;
import dev.paddock.node.tree.Change;

/** What a client loop counts of its work besides {@link Traffic}. Owned by the loop. */
final class FrontMeter {
    final Summary readMillis = Summary.sorted();
    final Summary updateMillis = Summary.sorted();
    final Summary createdWatches = Summary.basic();
    final Summary deletedWatches = Summary.basic();
    final Summary changedWatches = Summary.basic();
    final Summary childrenWatches = Summary.basic();
    long responseBytes;
    long watchBytes;
    long connectRequests;
    long renewals;
    long authFailures;
    long handshakesMissed;
    long connectionsLeft;
    long largeRequestsRefused;
    int responseBytesLast = -1;
    int responseBytesMin = -1;
    int responseBytesMax = -1;

    void answered(boolean isUpdate, long millis, int bytes) {
        (isUpdate ? updateMillis : readMillis).add(millis);
        responseBytes += bytes;
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
        if (reason == CloseReason.AUTH_FAILED) authFailures++;
        else if (reason == CloseReason.NO_SESSION) handshakesMissed++;
        else if (reason == CloseReason.LARGE_REQUESTS) largeRequestsRefused++;
    }

    FrontReading read() {
        return new FrontReading(
                readMillis.read(),
                updateMillis.read(),
                createdWatches.read(),
                deletedWatches.read(),
                changedWatches.read(),
                childrenWatches.read(),
                responseBytes,
                watchBytes,
                connectRequests,
                renewals,
                authFailures,
                handshakesMissed,
                connectionsLeft,
                largeRequestsRefused,
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
        responseBytes = 0;
        watchBytes = 0;
        connectRequests = 0;
        renewals = 0;
        authFailures = 0;
        handshakesMissed = 0;
        connectionsLeft = 0;
        largeRequestsRefused = 0;
        responseBytesLast = -1;
        responseBytesMin = -1;
        responseBytesMax = -1;
    }
}
