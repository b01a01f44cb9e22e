package dev.paddock.node.admin;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.front.AuthConfig;
import dev.paddock.node.net.ClientPort;
import dev.paddock.node.net.PortStats;
import dev.paddock.node.net.ServerView;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The server that the admin ports show.
 *
 * @param isLeaving      whether it was told to stop
 * @param snapshotFolder where snapshots are
 * @param snapshot       writes one of what is committed, and gets its name
 * @param handOver       lets another server lead; empty once one does, else why it does not
 */
public record Inside(
        NodeConfig config,
        AuthConfig auth,
        ServerView view,
        ClientPort port,
        BooleanSupplier isLeaving,
        Path snapshotFolder,
        Supplier<CompletionStage<String>> snapshot,
        Supplier<? extends CompletionStage<Optional<String>>> handOver) {
    private static final long ASK_SECONDS_MAX = 10;

    PortStats stats(boolean withConnections) throws InterruptedException, ExecutionException, TimeoutException {
        return await(port.stats(withConnections));
    }

    static <T> T await(CompletionStage<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.toCompletableFuture().get(ASK_SECONDS_MAX, TimeUnit.SECONDS);
    }
}
