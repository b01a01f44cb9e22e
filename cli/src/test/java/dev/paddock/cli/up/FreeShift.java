package dev.paddock.cli.up;

import dev.paddock.cli.CommandFailed;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Finds ports for an ensemble of a test. */
final class FreeShift {
    // So that the quorum ports lie below those that Linux gives to diallers; the election ports cannot.
    private static final int LOWEST = 500;
    private static final int HIGHEST = 3_800;

    private FreeShift() {}

    /** A shift whose ports were all free a moment ago. */
    static int of(int servers) {
        for (int attempt = 0; attempt < 50; attempt++) {
            int shift = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(new Ports(shift), servers)) return shift;
        }
        throw new IllegalStateException("no free ports found");
    }

    private static boolean isFree(Ports ports, int servers) {
        try {
            PortCheck.requireFree(
                    ports.all(IntStream.rangeClosed(1, servers).boxed().toList()));
            return true;
        } catch (CommandFailed taken) {
            return false;
        }
    }
}
