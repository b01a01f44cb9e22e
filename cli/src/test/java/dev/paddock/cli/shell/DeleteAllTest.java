package dev.paddock.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.client.ChildrenPage;
import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.client.Op;
import dev.paddock.client.OpResult;
import dev.paddock.client.PageQuery;
import dev.paddock.client.Reply;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories too large for one reply, and trees too large for one request. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class DeleteAllTest {
    private static final int BROAD = 120_000; // of names of 60 bytes: a listing of 7.7 MB, where jute.maxbuffer is 1 MB
    private static final int DEEP = 80_000;
    private static final int OPS = 400;

    @TempDir
    Path folder;

    /** A directory with many children, and 80 000 znodes in 400 directories below others. */
    private static int plant(Client client) throws InterruptedException {
        var paths = new ArrayList<>(List.of("/big", "/big/broad", "/big/deep"));
        for (int i = 0; i < BROAD; i++) paths.add("/big/broad/" + name(i));
        for (int i = 0; i < DEEP / 200; i++) {
            String directory = "/big/deep/" + i % 20 + "/" + i;
            if (i < 20) paths.add("/big/deep/" + i);
            paths.add(directory);
            for (int j = 0; j < 199; j++) paths.add(directory + "/" + j);
        }
        var underWay = new ArrayDeque<CompletableFuture<Reply<List<OpResult>>>>();
        for (int from = 0; from < paths.size(); from += OPS) {
            List<Op> creates = paths.subList(from, Math.min(paths.size(), from + OPS)).stream()
                    .map(path -> Op.create(path, new byte[0], CreateMode.PERSISTENT))
                    .toList();
            if (underWay.size() == 20) underWay.remove().join().value();
            underWay.add(client.multi(creates));
        }
        underWay.forEach(each -> each.join().value());
        return paths.size();
    }

    private static String name(int number) {
        return "a-name-that-is-as-long-as-those-of-real-programs-" + String.format("%010d", number);
    }

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void aTreeOfTwoHundredThousand(int count) throws Exception {
        try (Servers servers = new Servers(folder, count);
                Client client = servers.client();
                Printed shell = new Printed(servers)) {
            int planted = plant(client);
            assertThat(planted).isGreaterThan(200_000);
            assertListedInPages(client);
            int exitCode = shell.run("deleteall", "/big");
            assertThat(shell.err()).contains("Deleted " + planted + " znodes");
            assertThat(exitCode).isZero();
            assertThat(client.exists("/big").join().value()).isEmpty();
        }
    }

    private static void assertListedInPages(Client client) {
        Set<String> listed = new HashSet<>();
        Set<Long> pzxids = new HashSet<>();
        for (Optional<PageQuery> next = Optional.of(PageQuery.first()); next.isPresent(); ) {
            ChildrenPage page =
                    client.getChildrenPage("/big/broad", next.get()).join().value();
            for (String name : page.names()) assertThat(listed.add(name)).isTrue();
            pzxids.add(page.stat().pzxid());
            next = page.next().map(next.get()::after);
        }
        assertThat(listed).hasSize(BROAD);
        assertThat(pzxids).hasSize(1);
    }

    @Test
    void itIsStoppedAndGoesOn() throws Exception {
        try (Servers servers = new Servers(folder, 1);
                Client client = servers.client();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int planted = plant(client);
            var told = new CountDownLatch(1);
            var err = new PrintWriter(new Telling(told, "deleted so far"), true);
            try (Shell shell = servers.shell(new PrintWriter(Writer.nullWriter()), err)) {
                var stopping = threads.submit(() -> {
                    told.await();
                    shell.interrupt();
                    return null;
                });
                int exitCode = shell.run(List.of("deleteall", "/big", "-b", "10")); // slow enough to tell of progress
                assertThat(exitCode).isEqualTo(1);
                stopping.get();
            }
            int left = client.getAllChildrenNumber("/big").join().value();
            assertThat(left).isBetween(1, planted - 2);
            try (Printed again = new Printed(servers)) {
                assertThat(again.run("deleteall", "/big")).isZero();
                assertThat(again.err()).contains("Deleted " + (left + 1) + " znodes");
            }
        }
    }

    /** Counts down when it reads some text. */
    private static final class Telling extends Writer {
        private final StringBuilder all = new StringBuilder();
        private final CountDownLatch told;
        private final String text;

        Telling(CountDownLatch told, String text) {
            this.told = told;
            this.text = text;
        }

        @Override
        public void write(char[] chars, int from, int length) {
            all.append(chars, from, length);
            if (all.indexOf(text) >= 0) told.countDown();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
