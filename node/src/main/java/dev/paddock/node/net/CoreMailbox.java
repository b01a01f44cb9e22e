package dev.paddock.node.net;

import dev.paddock.node.front.Submission;
import java.util.List;

/** Where client loops put what they ask of the core. Called from any client loop; it must not block. */
public interface CoreMailbox {

    /** Takes all that one loop asks in one wake-up, in order. The list is the core's own from then on. */
    void post(List<Submission> submissions);
}
