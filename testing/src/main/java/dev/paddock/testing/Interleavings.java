package dev.paddock.testing;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** How tests have Lincheck look at what several threads share. */
public final class Interleavings {
    private Interleavings() {}

    /**
     * Three threads that do two things each, whatever those are, in all orders of their steps.
     *
     * @param scenarios how many choices of what they do
     * @param orders    of the steps of each, at most
     */
    public static ModelCheckingOptions ofThreeThreads(int scenarios, int orders) {
        return new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(scenarios)
                .invocationsPerIteration(orders)
                .minimizeFailedScenario(false);
    }
}
