package dev.paddock.node.net;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a four letter word its answer: on a virtual thread, since some look at folders and all ask the client loops. Long
 * answers are made one at a time, and the next only when the one before has left, so that memory holds one.
 */
final class FourLetterDesk {
    private static final Logger LOG = LoggerFactory.getLogger(FourLetterDesk.class);
    private static final int LONG_ANSWERS_MAX = 1;
    private static final long WAIT_SECONDS_MAX = 15; // half of what the connection has

    private final FourLetterAnswers answers;
    private final Predicate<String> isAllowed;
    private final Semaphore longAnswers = new Semaphore(LONG_ANSWERS_MAX);

    FourLetterDesk(FourLetterAnswers answers, Predicate<String> isAllowed) {
        this.answers = answers;
        this.isAllowed = isAllowed;
    }

    /** How many bytes follow the word before it can be answered. */
    int argumentBytes(FourLetterWord word) {
        return isAllowed(word) ? word.argumentBytes() : 0;
    }

    private boolean isAllowed(FourLetterWord word) {
        return word == FourLetterWord.SRVR || isAllowed.test(word.word());
    }

    /**
     * The answer.
     *
     * @param argument what followed the word
     * @param closed   completes when the connection that asked is closed
     */
    CompletionStage<String> answer(FourLetterWord word, long argument, CompletionStage<Void> closed) {
        if (!isAllowed(word)) {
            return CompletableFuture.completedStage(FourLetterAnswers.refusal(word));
        }
        var answer = new CompletableFuture<String>();
        Thread.startVirtualThread(() -> answer.complete(text(word, argument, closed)));
        return answer;
    }

    private String text(FourLetterWord word, long argument, CompletionStage<Void> closed) {
        try {
            if (!word.isLong()) {
                return answers.answer(word, argument);
            }
            if (!longAnswers.tryAcquire(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                return word.word() + " is not executed because another long answer is under way; ask again.\n";
            }
            closed.thenRun(longAnswers::release);
            return answers.answer(word, argument);
        } catch (Exception e) {
            LOG.warn("cannot answer {}", word.word(), e);
            return "";
        }
    }
}
