package dev.paddock.e2e.histories;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** One history: servers, clients that ask them, and a plan of what befalls the servers meanwhile. */
final class Ordeal {
    private static final int CLIENTS = 11; // and one for each server at the end: the checker takes sixteen
    private static final int SESSION_MILLIS = 8_000;
    private static final int SHORT_SESSION_MILLIS = 2_000; // ends in some faults
    private static final int RATE_MIN = 100; // answers a second, without those to plain reads
    private static final int RATE_MIN_OF_BOTH = 10; // likewise, where Apache's servers take their time as well

    private final Plan plan;
    private final int operations;
    private final History history = new History();
    private final Registers registers = new Registers();
    private final List<Throwable> problems = new CopyOnWriteArrayList<>();
    private volatile boolean isOver;

    Ordeal(Plan plan, int operations) {
        this.plan = plan;
        this.operations = operations;
    }

    /** What has been written down so far. */
    History history() {
        return history;
    }

    /** Goes through it. */
    void run(Path folder) throws IOException, InterruptedException {
        try (var servers = new Servers(plan, folder)) {
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                var client = new Client(i, servers.clients(), sessionMillis(i), registers, history, maySync());
                clients.add(Thread.ofPlatform().name("client " + i).start(() -> ask(client)));
            }
            try {
                new Nemesis(servers, history).carryOut(plan, operations);
            } catch (RuntimeException e) {
                problems.forEach(e::addSuppressed); // may well be why
                throw e;
            } finally {
                isOver = true;
                for (Thread client : clients) client.join();
            }
            callTheRoll(servers);
            if (!plan.cast().apaches().isEmpty()) Agreement.checkAfterKills(servers);
        }
        for (Throwable problem : problems) throw new IllegalStateException("a client failed", problem);
    }

    /** A leader of Apache's that has been replaced and does not know it answers a {@code sync} all the same. */
    private boolean maySync() {
        return plan.cast().apaches().isEmpty();
    }

    private static int sessionMillis(int client) {
        return client % 4 == 0 ? SHORT_SESSION_MILLIS : SESSION_MILLIS;
    }

    private void ask(Client client) {
        try (client) {
            while (!isOver) client.askAnything();
        } catch (IOException | InterruptedException | RuntimeException e) {
            problems.add(e);
        }
    }

    /** In the end every server shows every register. */
    private void callTheRoll(Servers servers) throws IOException, InterruptedException {
        for (int sid : servers.sids()) {
            try (var client =
                    new Client(CLIENTS + sid, servers.client(sid), SESSION_MILLIS, registers, history, true)) {
                for (String key : Registers.KEYS) client.read(key);
            }
        }
    }

    /** Why the history proves nothing; empty if it does prove something. */
    static List<String> whyVoid(Plan plan, History history) {
        List<String> reasons = new ArrayList<>();
        double rate = history.answered() / history.seconds();
        int least = plan.cast().apaches().isEmpty() ? RATE_MIN : RATE_MIN_OF_BOTH;
        if (!(rate >= least)) reasons.add(String.format(Locale.ROOT, "only %.0f answers a second", rate));
        if (history.disturbed() == 0) reasons.add("no fault overlapped an operation");
        return reasons;
    }
}
