package dev.paddock.e2e.histories;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;

/** Changes the members of an ensemble, as often as it takes. */
public final class MembersDesk implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SESSION_MILLIS = 5_000;

    private final IntFunction<String> specs;
    private final ZooKeeperAdmin admin;

    MembersDesk(Servers servers) throws IOException {
        this(servers, servers.clients());
    }

    /** By way of these servers. */
    public MembersDesk(Servers servers, String hosts) throws IOException {
        this(servers::spec, hosts);
    }

    /**
     * Likewise.
     *
     * @param specs by sid, what each is as a member that votes
     */
    public MembersDesk(IntFunction<String> specs, String hosts) throws IOException {
        this.specs = specs;
        this.admin = new ZooKeeperAdmin(hosts, SESSION_MILLIS, event -> {});
        admin.addAuthInfo("digest", Servers.SUPER.getBytes(StandardCharsets.US_ASCII));
    }

    /** Takes it from the members. */
    public void remove(int sid) {
        await("that " + sid + " is removed")
                .atMost(PATIENCE)
                .until(() -> change(null, List.of("" + sid), "server." + sid + "=", false));
    }

    /** Makes it a member again, as what it was at first. */
    public void add(int sid) {
        add(sid, specs.apply(sid));
    }

    /** Makes it a member that does not vote, be it one already or not. */
    public void addObserver(int sid) {
        add(sid, specs.apply(sid).replace(":participant", ":observer"));
    }

    private void add(int sid, String spec) {
        await("that " + sid + " is added").atMost(PATIENCE).until(() -> change(List.of(spec), null, spec, true));
    }

    /** Whether the members are as wanted now. What went wrong, and whether it happened all the same, is seen by the next try. */
    private boolean change(List<String> joining, List<String> leaving, String line, boolean isWanted)
            throws InterruptedException {
        try {
            byte[] now = admin.getConfig(false, new Stat());
            if (new String(now, StandardCharsets.UTF_8).contains(line) == isWanted) return true;
            admin.reconfigure(joining, leaving, null, -1, new Stat());
            return true;
        } catch (KeeperException.ConnectionLossException
                | KeeperException.NewConfigNoQuorum
                | KeeperException.ReconfigInProgress
                | KeeperException.SystemErrorException e) { // a disk was full, a moment ago
            return false;
        } catch (KeeperException e) {
            throw new IllegalStateException("not an answer to a reconfig", e);
        }
    }

    @Override
    public void close() {
        try {
            admin.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
