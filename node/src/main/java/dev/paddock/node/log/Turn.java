package dev.paddock.node.log;

import java.io.IOException;

/** Says when what nobody waits for may go on. */
public interface Turn {
    /** At any time. */
    Turn ALWAYS = () -> {};

    /**
     * Returns when it may; asked after each few MiB, by the thread that writes or reads them.
     *
     * @throws IOException if it shall be given up
     */
    void await() throws IOException;
}
