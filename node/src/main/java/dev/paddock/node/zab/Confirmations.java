package dev.paddock.node.zab;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Questions whether a quorum still follows this leader. One round of pings is under way at a time and answers all that was
 * asked before it; so does a commit, which a quorum has acknowledged. Owned by the core thread.
 */
final class Confirmations {
    private final Deque<Ticket> tickets = new ArrayDeque<>(); // not confirmed yet; ascending
    private long lastTicket;
    private long askedTicket; // the round under way confirms those up to this one
    private long askedRound = -1; // number of that round, -1 if none is under way

    /** A question, and what was proposed before it. */
    private record Ticket(long number, long lastProposed) {}

    long ask(long lastProposed) {
        tickets.addLast(new Ticket(++lastTicket, lastProposed));
        return lastTicket;
    }

    boolean isRoundUnderWay() {
        return askedRound >= 0;
    }

    /** Whether somebody waits for an answer. */
    boolean isAsked() {
        return !tickets.isEmpty();
    }

    void begin(long round) {
        askedTicket = lastTicket;
        askedRound = round;
    }

    /** A quorum has answered {@code round}; false if no question waited for it. */
    boolean answered(long round, Consumer<Effect> out) {
        if (askedRound < 0 || round < askedRound) return false;
        askedRound = -1;
        while (!tickets.isEmpty() && tickets.getFirst().number() <= askedTicket) confirmFirst(out);
        return true;
    }

    /** A quorum has acknowledged {@code zxid}: it followed us after everything asked before that was proposed. */
    void committing(long zxid, Consumer<Effect> out) {
        while (!tickets.isEmpty() && tickets.getFirst().lastProposed() < zxid) confirmFirst(out);
    }

    private void confirmFirst(Consumer<Effect> out) {
        out.accept(new Effect.Confirmed(tickets.removeFirst().number()));
    }
}
