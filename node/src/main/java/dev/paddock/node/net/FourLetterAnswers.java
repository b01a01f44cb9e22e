package dev.paddock.node.net;

import dev.paddock.node.front.LoopStats;
import dev.paddock.node.meter.Metric;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The texts of the four letter words, in the layout of Apache ZooKeeper 3.9.5: tools parse them. Blocks while the client
 * loops and the core tell what they know.
 */
record FourLetterAnswers(ServerView view, ClientPort port) {
    private static final String NOT_SERVING = "This ZooKeeper instance is not currently serving requests";
    private static final long ASK_SECONDS_MAX = 10;

    /** The answer to a word that is not on the whitelist. */
    static String refusal(FourLetterWord word) {
        return word.word() + " is not executed because it is not in the whitelist.\n";
    }

    /**
     * The answer to a word that is on it.
     *
     * @param argument what followed the word
     */
    String answer(FourLetterWord word, long argument)
            throws InterruptedException, ExecutionException, TimeoutException {
        ServerStatus server = view.status();
        return switch (word) {
            case RUOK -> "imok";
            case ISRO -> !server.takesClients() ? "null" : server.isReadOnly() ? "ro" : "rw";
            case ENVI -> Environment.text(view.version());
            case GTMK -> Long.toString(view.traceMask());
            case STMK -> {
                view.traceMask(argument);
                yield Long.toString(argument);
            }
            case HASH -> server.takesClients() ? digestsText() : NOT_SERVING; // the only one without a line's end
            case CONF, CONS, CRST, DIRS, DUMP, MNTR, SRST, SRVR, STAT, WCHC, WCHP, WCHS ->
                server.takesClients() ? ofServing(word, server) : NOT_SERVING + "\n";
        };
    }

    private String ofServing(FourLetterWord word, ServerStatus server)
            throws InterruptedException, ExecutionException, TimeoutException {
        return switch (word) {
            case CONF -> view.configuration();
            case CONS -> ConnectionTexts.list(stats(true).connections(), false) + "\n";
            case CRST -> {
                await(port.resetConnectionStats());
                yield "Connection stats reset.\n";
            }
            case DIRS -> {
                ServerView.FolderSizes sizes = view.folderSizes();
                yield "datadir_size: " + sizes.snapshots() + "\nlogdir_size: " + sizes.logs() + "\n";
            }
            case DUMP -> new SessionDump(server, await(view.sessionEnds()), stats(true)).text();
            case MNTR -> monitorText(stats(false));
            case SRST -> {
                await(port.resetStats());
                view.resetStats();
                yield "Server stats reset.\n";
            }
            case SRVR -> serverText(server, stats(false), false);
            case STAT -> serverText(server, stats(true), true);
            case WCHC, WCHP -> watches(word);
            case WCHS -> watchesText(stats(false).total());
            case ENVI, GTMK, HASH, ISRO, RUOK, STMK -> throw new IllegalStateException(word + " is answered above");
        };
    }

    private PortStats stats(boolean withConnections) throws InterruptedException, ExecutionException, TimeoutException {
        return await(port.stats(withConnections));
    }

    private static <T> T await(CompletionStage<T> answer)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer.toCompletableFuture().get(ASK_SECONDS_MAX, TimeUnit.SECONDS);
    }

    private String serverText(ServerStatus server, PortStats stats, boolean withClients) {
        LoopStats total = stats.total();
        var text = new StringBuilder(512);
        line(text, "Zookeeper version: ", view.version());
        if (server.isReadOnly()) {
            text.append("READ-ONLY mode; serving only read-only clients\n");
        }
        if (withClients) {
            line(text, "Clients:\n", ConnectionTexts.list(stats.connections(), true));
        }
        text.append("Latency min/avg/max: ").append(total.latencyMillisMin()).append('/');
        text.append(total.latencyMillisMean()).append('/');
        text.append(total.latencyMillisMax()).append('\n');
        line(text, "Received: ", total.packetsReceived());
        line(text, "Sent: ", total.packetsSent());
        line(text, "Connections: ", total.connections());
        line(text, "Outstanding: ", total.outstanding());
        line(text, "Zxid: 0x", Long.toHexString(server.database().lastZxid()));
        line(text, "Mode: ", server.serverState());
        line(text, "Node count: ", server.shownZnodes());
        server.proposalSizes()
                .ifPresent(sizes -> line(
                        text,
                        "Proposal sizes last/min/max: ",
                        String.format(Locale.ROOT, "%d/%d/%d", sizes.last(), sizes.min(), sizes.max())));
        return text.toString();
    }

    private static void line(StringBuilder text, String what, Object value) {
        text.append(what).append(value).append('\n');
    }

    private String digestsText() {
        List<ServerView.DigestEntry> digests = view.digests();
        var text = new StringBuilder(32 * digests.size());
        digests.forEach(d -> line(text, Long.toHexString(d.zxid()) + ": ", d.digest()));
        return text.toString();
    }

    private String watches(FourLetterWord word) throws InterruptedException, ExecutionException, TimeoutException {
        LoopStats total = stats(false).total();
        if (WatchTexts.isTooMuch(total)) {
            return WatchTexts.refusal(word.word(), total);
        }
        var sessions = await(port.watches());
        return (word == FourLetterWord.WCHC ? WatchTexts.bySession(sessions) : WatchTexts.byPath(sessions)) + "\n";
    }

    private static String watchesText(LoopStats total) {
        return total.watchers() + " connections watching " + total.watchedPaths() + " paths\n" + "Total watches:"
                + total.dataWatches() + "\n";
    }

    private String monitorText(PortStats stats) throws InterruptedException, ExecutionException, TimeoutException {
        var text = new StringBuilder(16 << 10);
        Metric.flat(await(view.metrics(stats))).forEach((key, value) -> line(text, "zk_" + key + "\t", value));
        return text.toString();
    }
}
