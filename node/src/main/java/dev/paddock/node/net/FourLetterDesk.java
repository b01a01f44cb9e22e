package dev.paddock.node.net;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets a four letter word its answer: asks every client loop for what it counts, without a lock between them. */
final class FourLetterDesk {
    private static final Executor MAY_BLOCK = Thread::startVirtualThread; // conf looks at folders

    private static final Logger LOG = LoggerFactory.getLogger(FourLetterDesk.class);

    private final FourLetterAnswers answers;
    private final Predicate<String> isAllowed;
    private final Function<Boolean, CompletionStage<PortStats>> stats;

    FourLetterDesk(
            FourLetterAnswers answers,
            Predicate<String> isAllowed,
            Function<Boolean, CompletionStage<PortStats>> stats) {
        this.answers = answers;
        this.isAllowed = isAllowed;
        this.stats = stats;
    }

    CompletionStage<String> answer(FourLetterWord word) {
        if (word != FourLetterWord.SRVR && !isAllowed.test(word.word())) {
            return CompletableFuture.completedStage(FourLetterAnswers.refusal(word));
        }
        return stats.apply(word.showsConnections())
                .thenApplyAsync(port -> answers.answer(word, port), MAY_BLOCK)
                .exceptionally(failure -> {
                    LOG.warn("cannot answer {}", word.word(), failure);
                    return "";
                });
    }
}
