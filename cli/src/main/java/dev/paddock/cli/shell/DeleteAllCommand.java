package dev.paddock.cli.shell;

import dev.paddock.client.TreeDeletion;
import dev.paddock.wire.ErrorCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deleteall}: see {@link TreeDeletion}. */
@Command(
        name = "deleteall",
        description = "Delete PATH and all that is below it, however much that is.",
        footer = {
            "",
            "It goes step by step, the deepest first: others may see a part. What takes long tells how far it is; Ctrl-C",
            "stops it, and the same command goes on."
        })
final class DeleteAllCommand implements Callable<Integer> {
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Surroundings surroundings;
    private long nextProgressNanos;

    @Option(
            names = "-b",
            paramLabel = "BATCH",
            defaultValue = "1000",
            description = "How many deletes are under way together (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Parameters(paramLabel = "PATH")
    private String path = "";

    DeleteAllCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        var deletion = new TreeDeletion(surroundings.client(), path, batch);
        if (surroundings.calls().exists(path).value().isEmpty())
            throw new Failed(Text.refused(ErrorCode.NO_NODE, path));
        nextProgressNanos = System.nanoTime() + PROGRESS_NANOS;
        TreeDeletion.Outcome outcome = deletion.run(() -> !surroundings.isInterrupted(), this::show);
        PrintWriter err = surroundings.err();
        return switch (outcome) {
            case TreeDeletion.Outcome.Done(long deleted) -> {
                err.println("Deleted " + znodes(deleted));
                yield 0;
            }
            case TreeDeletion.Outcome.Stopped(long deleted, String at) -> {
                err.println("Stopped in " + at + ": " + znodes(deleted) + " deleted; the same command goes on");
                yield 1;
            }
            case TreeDeletion.Outcome.Refused(long deleted, ErrorCode error, String refused) -> {
                err.println("Failed to delete some node(s) in the subtree! " + Text.refused(error, refused));
                Text.hint(error, refused).ifPresent(err::println);
                err.println(znodes(deleted) + " deleted before that");
                yield 1;
            }
        };
    }

    private static String znodes(long count) {
        return count + (count == 1 ? " znode" : " znodes");
    }

    private void show(long deleted) {
        long now = System.nanoTime();
        if (now - nextProgressNanos < 0) return;
        nextProgressNanos = now + PROGRESS_NANOS;
        surroundings.err().println(znodes(deleted) + " deleted so far");
        surroundings.err().flush();
    }
}
