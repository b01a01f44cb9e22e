package dev.paddock.node.server;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.net.ServerStatus;
import dev.paddock.node.net.ServerView;
import dev.paddock.node.session.SessionExpiry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** What a server shows of itself to operators' tools. */
final class NodeView implements ServerView {
    private static final long TRACE_MASK = 306; // Apache's: client requests, sessions, warnings
    private static final int SESSIONS_MAX = 200_000; // whose ends are copied on the core thread; dump shows no more
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final NodeConfig config;
    private final ServerFolders folders;
    private final StatusBoard board;
    private final CoreLoop core;
    private final CoreMeter meter;
    private final AtomicLong traceMask = new AtomicLong(TRACE_MASK);

    NodeView(NodeConfig config, StatusBoard board, CoreLoop core) {
        this.config = config;
        this.folders = ServerFolders.of(config.storage());
        this.board = board;
        this.core = core;
        this.meter = core.meter();
    }

    @Override
    public String version() {
        return NodeSettings.VERSION;
    }

    @Override
    public ServerStatus status() {
        return board.current();
    }

    @Override
    public String configuration() {
        return new ShownConfig(config, folders).text();
    }

    @Override
    public FolderSizes folderSizes() {
        return folders.sizes();
    }

    @Override
    public CompletionStage<Optional<SessionEnds>> sessionEnds() {
        var answer = new CompletableFuture<Optional<SessionEnds>>();
        core.put(replica -> answer.complete(replica.sessionEnds().map(NodeView::ends)));
        return answer;
    }

    private static SessionEnds ends(SessionExpiry expiry) {
        int count = Math.min(SESSIONS_MAX, expiry.size());
        long[] ids = new long[count];
        long[] ends = new long[count];
        int[] at = {0};
        expiry.forEach((id, end) -> {
            if (at[0] == count) return;
            ids[at[0]] = id;
            ends[at[0]++] = end;
        });
        return new SessionEnds(ids, ends, System.nanoTime() / NANOS_PER_MILLI);
    }

    @Override
    public List<DigestEntry> digests() {
        return board.digests().stream()
                .map(entry -> new DigestEntry(entry.zxid(), entry.digest()))
                .toList();
    }

    @Override
    public void resetStats() {
        core.put(_ -> meter.reset());
    }

    @Override
    public long traceMask() {
        return traceMask.get();
    }

    @Override
    public void traceMask(long mask) {
        traceMask.set(mask);
    }
}
