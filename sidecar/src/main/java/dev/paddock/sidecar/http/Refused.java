package dev.paddock.sidecar.http;

/** Ends the handling of a request with a {@link Problem}; thrown where a request is read, answered by {@link Connection}. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public Refused(Problem problem) {
        super(problem.detail(), null, false, false); // no stack: it is an answer, not a fault
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
