package dev.paddock.node.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test has opened; closed after it in reverse order. */
final class Opened implements AfterEachCallback {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** Remembers the part and returns it. */
    <T extends AutoCloseable> T closing(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        while (!parts.isEmpty()) parts.pop().close();
    }
}
