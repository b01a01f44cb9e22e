package dev.paddock.node.server;

import dev.paddock.node.admin.Inside;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.config.SecureClients;
import dev.paddock.node.log.ConfigFiles;
import dev.paddock.node.log.DamagedFileException;
import dev.paddock.node.log.DataFolderException;
import dev.paddock.node.log.EpochDoubt;
import dev.paddock.node.log.Recovered;
import dev.paddock.node.log.RecoveryProgress;
import dev.paddock.node.log.Storage;
import dev.paddock.node.members.Address;
import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.net.ClientListener;
import dev.paddock.node.net.ClientListener.Entrance;
import dev.paddock.node.net.ClientPort;
import dev.paddock.node.net.ClientPortConfig;
import dev.paddock.node.net.ClientTls;
import dev.paddock.node.net.NettyPeerLinks;
import dev.paddock.node.net.PeerLinks;
import dev.paddock.node.net.PeerTls;
import dev.paddock.node.net.ServerView;
import dev.paddock.node.replica.Replica;
import dev.paddock.node.replica.ReplicaConfig;
import dev.paddock.node.request.AclRules;
import dev.paddock.node.session.SessionIds;
import dev.paddock.node.session.SessionTimeouts;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Durable;
import dev.paddock.node.zab.Ensemble;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server: its threads, ports and files. */
public final class Node implements AutoCloseable {
    private static final String BROKEN =
            ", although it was put out of the way just now: this disk cannot be relied on. Give"
                    + " this server an empty folder on another one while all other servers are up; they fill it";
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    /** In which the others come to a new leader; until then it may need what the old one acknowledges. */
    private static final long STAY_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final int CLIENT_LOOPS = Integer.getInteger("paddock.clientLoops", ClientPortConfig.defaultLoops());

    private final NodeConfig config;
    private final AtomicBoolean over = new AtomicBoolean(); // closed, or failed and told so
    private final ClosingStack parts = new ClosingStack();
    private final ClientPort clients;
    private Address clientsAt; // from the start on, of the disk thread
    private final StatusBoard status;
    private final OperatorPorts ports;
    private final Succession succession;

    /**
     * Recovers what is on disk, opens the ports and starts the server; it serves as soon as there is a quorum.
     *
     * @param failed told, once, of a failure that the server cannot survive; the caller closes it and exits
     * @throws IOException if the files are damaged or in use, or a port cannot be had; then nothing is left running
     */
    public static Node start(NodeConfig config, Consumer<Throwable> failed) throws IOException {
        return new Node(config, failed);
    }

    private Node(NodeConfig config, Consumer<Throwable> tell) throws IOException {
        this.config = config;
        this.clientsAt = config.clientPort().address();
        Consumer<Throwable> failed = e -> {
            if (!over.getAndSet(true)) tell.accept(e);
        };
        try {
            Storage storage = openStorage();
            Snapshots snapshots = parts.closing(new Snapshots(storage, snapshotsKept(), System::currentTimeMillis));
            Recovered recovered = recover(storage, snapshots.meter());
            Ensemble ensemble = NodeSettings.ensemble(config, recovered.database());
            if (!config.ensemble().isStandalone())
                snapshots.turn(SnapshotTurn.of(ensemble.committed(), ensemble.self()));
            EventLoop loop = coreLoop();
            CoreLoop core = new CoreLoop(loop, CLIENT_LOOPS, ensemble.self(), failed);
            Replica replica = replica(ensemble, recovered, core);
            DiskThread disk = parts.closing(new DiskThread(
                    ensemble.self(),
                    storage,
                    snapshots,
                    snapshotSchedule(),
                    config.storage().log().slowForceMillis(),
                    progress(),
                    membersFile(),
                    core,
                    failed));
            PeerLinks peers = parts.closing(peers(loop, core));
            this.status = new StatusBoard(config.ensemble().isStandalone(), core.meter());
            PauseWatch pauses = parts.closing(new PauseWatch(config.pauses()));
            ServerView view = new NodeView(config, status, core, snapshots.meter(), storage.space(), pauses);
            this.succession = new Succession(core, status);
            this.clients = parts.closing(ClientPort.open(clientPort(view, failed), core));
            disk.start();
            core.start(replica, new NodeEdges(peers, disk, clients, status));
            this.ports = OperatorPorts.open(inside(view, core, disk), parts);
        } catch (IOException | RuntimeException | Error e) {
            over.set(true);
            parts.close();
            throw e;
        }
    }

    private Inside inside(ServerView view, CoreLoop core, DiskThread disk) {
        return new Inside(
                config,
                ClientSecurity.authConfig(config.security()),
                view,
                clients,
                over::get,
                ServerFolders.of(config.storage()).snapshots(),
                () -> {
                    var written = new CompletableFuture<String>();
                    core.put(replica -> disk.snapshot(replica, written));
                    return written;
                },
                succession::handOver);
    }

    private Storage openStorage() throws IOException {
        ExecutorService preallocating = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("preallocate").daemon().factory());
        parts.closing(preallocating::shutdownNow);
        return parts.closing(Storage.open(config.storage(), NodeSettings.treeRules(config), preallocating));
    }

    private Recovered recover(Storage storage, DiskMeter meter) throws IOException {
        long started = System.nanoTime();
        Recovered recovered = undamaged(storage, meter);
        meter.recovered(System.nanoTime() - started);
        recovered.notes().forEach(LOG::warn);
        refuseDoubtAlone(recovered);
        if (!recovered.isComplete()) {
            if (!isHealedByOthers())
                throw new DataFolderException(recovered.notes().getLast() + storage.choicesForTheRest());
            meter.foundDamage();
            LOG.warn("this server does not vote until it has followed a leader that the others found");
        }
        LOG.info(
                "recovered {} znodes and {} sessions up to zxid 0x{}",
                recovered.database().znodeCount(),
                recovered.database().sessionCount(),
                Long.toHexString(recovered.lastZxid()));
        return recovered;
    }

    private void refuseDoubtAlone(Recovered recovered) throws DataFolderException {
        if (recovered.knowsEpochs()) return;
        if (isHealedByOthers()) {
            LOG.warn("this server neither votes nor promises until every other voter follows one leader, and it too");
            return;
        }
        EpochDoubt first = recovered.doubts().getFirst();
        throw new DataFolderException(first.message() + first.choices());
    }

    /** What is left where files are damaged, if the others can make up for the rest. */
    private Recovered undamaged(Storage storage, DiskMeter meter) throws IOException {
        Set<Path> aside = new HashSet<>();
        while (true) {
            try {
                return storage.recover(progress());
            } catch (DamagedFileException damage) {
                if (!aside.add(damage.file())) throw new DataFolderException(damage.getMessage() + BROKEN);
                if (!isHealedByOthers()) throw new DataFolderException(damage.getMessage() + storage.choices(damage));
                if (!storage.setAside(damage)) throw damage;
                meter.foundDamage();
                LOG.error(
                        "{}; it was put out of the way as .damaged, and the others are asked for what it held",
                        damage.getMessage());
            } catch (IOException e) {
                storage.space().makeRoom(e); // a start waits for room, rather than fail again and again
            }
        }
    }

    /** Whether there can be a quorum without this server. */
    private boolean isHealedByOthers() {
        if (config.ensemble().isStandalone()) return false;
        Members members = config.ensemble().members();
        return members.isQuorum(sid -> sid != config.ensemble().self());
    }

    /**
     * Not being able to write it does not stop the server: the log has it, too, and an operator may keep these files. Who is no
     * member keeps what it was started with, where its own ports are; what its log has makes it need a quorum of the others.
     */
    private MembersFile membersFile() throws IOException {
        if (config.ensemble().isStandalone() || !config.ensemble().reconfigEnabled()) return members -> {};
        ConfigFiles files = ConfigFiles.of(config.file(), config.ensemble().self());
        return members -> {
            ServerSpec own = members.servers().get(config.ensemble().self());
            if (own == null) return;
            own.client().ifPresent(this::listenForClients);
            try {
                files.committed(members);
            } catch (IOException e) {
                LOG.warn(
                        "the members of version 0x{} are not in {}; the next start will take them from the log: {}",
                        Long.toHexString(members.version()),
                        config.file(),
                        e.toString());
            }
        };
    }

    /** Where the members say it. Who is connected stays. */
    private void listenForClients(Address address) {
        if (address.equals(clientsAt)) return;
        try {
            clients.move(listening(address));
            clientsAt = address;
        } catch (IOException e) {
            LOG.error("clients are not listened for at {}, where the members say it: {}", address, e.toString());
        }
    }

    private static RecoveryProgress progress() {
        return new RecoveryProgress() {
            @Override
            public void reading(String snapshot, long bytes) {
                if (bytes % (64L << 20) < (256 << 10)) LOG.info("read {} MiB of {}", bytes >> 20, snapshot);
            }

            @Override
            public void replayed(long records, long zxid) {
                if (records % 100_000 == 0) LOG.info("replayed {} txns up to 0x{}", records, Long.toHexString(zxid));
            }
        };
    }

    private SnapshotSchedule snapshotSchedule() {
        SortedMap<Long, ServerSpec> servers = config.ensemble().servers();
        int members = Math.max(1, servers.size());
        return new SnapshotSchedule(
                config.storage().snapCount(),
                servers.headMap(config.ensemble().self()).size() % members, // who is to join takes some turn, too
                members,
                config.storage().log().snapLogBytes(),
                new SplittableRandom());
    }

    private int snapshotsKept() {
        return config.storage().purgeIntervalHours() > 0 ? config.storage().snapRetainCount() : 0;
    }

    private EventLoop coreLoop() {
        var io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        var group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("core"), io);
        parts.closing(() -> group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(4, TimeUnit.SECONDS));
        return group.next();
    }

    private Replica replica(Ensemble ensemble, Recovered recovered, CoreLoop core) {
        NodeConfig.Timing timing = config.timing();
        ReplicaConfig replicaConfig = new ReplicaConfig(
                ensemble,
                NodeSettings.timing(timing),
                NodeSettings.observing(config),
                config.ensemble().leaderServes(),
                new SessionTimeouts(timing.minSessionTimeoutMillis(), timing.maxSessionTimeoutMillis()),
                config.sessions(),
                new AclRules(ClientSecurity.schemes(config.security())),
                NodeSettings.sweepPace(config),
                NodeSettings.txnBytesMax(config),
                config.ensemble().zxidsPerEpoch(),
                config.storage().log().commitLogCount(),
                config.observers().commitLogBytes());
        Durable durable = new Durable(
                recovered.acceptedEpoch(),
                recovered.currentEpoch(),
                recovered.knowsEpochs(),
                recovered.lastZxid(),
                recovered.isComplete(),
                DiskThread.proposals(recovered.tail()));
        long idsOf = config.ensemble().isStandalone() ? 1 : config.ensemble().self(); // Apache's standalone server is 1
        SessionIds ids = new SessionIds(idsOf, System.currentTimeMillis());
        Database database = recovered.database();
        if (!config.ensemble().isStandalone()) {
            Members members = ensemble.committed();
            database = database.withConfig(members.text(), members.version(), System.currentTimeMillis());
        }
        return new Replica(replicaConfig, durable, database, recovered.digests(), ids, core);
    }

    private PeerLinks peers(EventLoop loop, CoreLoop core) throws IOException {
        if (config.ensemble().isStandalone()) return new NoPeers();
        PeerTls tls = config.secureMembers().isPresent()
                ? parts.closing(PeerTls.open(config.secureMembers().get()))
                : null;
        return NettyPeerLinks.open(NodeSettings.peerLinks(config), tls, loop, core::input);
    }

    private ClientPortConfig clientPort(ServerView view, Consumer<Throwable> failed) throws IOException {
        NodeConfig.ClientPort port = config.clientPort();
        return new ClientPortConfig(
                listeners(),
                CLIENT_LOOPS,
                NodeSettings.clientLimits(config),
                Math.max(10, config.timing().tickTimeMillis() / 4),
                NodeSettings.frontLimits(config),
                ClientSecurity.authConfig(config.security()),
                port::answers,
                view,
                failed);
    }

    private List<ClientListener> listeners() throws IOException {
        NodeConfig.ClientPort plain = config.clientPort();
        Optional<SecureClients> secure = config.secureClients();
        if (secure.isEmpty()) return List.of(ClientListener.plain(listening(plain.address())));
        ClientTls tls = parts.closing(ClientTls.open(secure.get().tls()));
        var listeners = new ArrayList<ClientListener>();
        if (!secure.get().isOnly()) {
            Entrance entrance = secure.get().isUnified() ? new Entrance.Either(tls) : new Entrance.Plain();
            listeners.add(new ClientListener(listening(plain.address()), entrance));
        }
        secure.get()
                .address()
                .ifPresent(address -> listeners.add(new ClientListener(listening(address), new Entrance.Secure(tls))));
        return listeners;
    }

    private static InetSocketAddress listening(Address address) {
        return new InetSocketAddress(address.host(), address.port());
    }

    /** Where clients connect. */
    public InetSocketAddress clientAddress() {
        return clients.address();
    }

    /** The HTTP ports of operators. */
    OperatorPorts operatorPorts() {
        return ports;
    }

    /** {@code leader}, {@code follower}, {@code standalone}, or {@code leaderelection} while there is no quorum. */
    public String state() {
        return status.current().serverState();
    }

    /**
     * Goes on as before for as long as it takes until nobody sends clients here, but is not ready; then hands over if it leads, sends its
     * clients to other servers, closes the links, forces the log. Sessions live on elsewhere, or until the next start.
     */
    @Override
    public void close() {
        boolean isWell = !over.getAndSet(true);
        if (isWell && !config.ensemble().isStandalone()) {
            leave(config.timing().leaveDelayMillis(), config.timing().leaveMillis());
        }
        parts.close();
    }

    private void leave(long delayMillis, long millisMax) {
        try {
            Thread.sleep(delayMillis);
            long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
            clients.stopListening();
            long stayNanos = System.nanoTime();
            if (Succession.leads(status.current())) {
                Optional<String> refusal = succession.handOver().get(millisMax, TimeUnit.MILLISECONDS);
                refusal.ifPresent(why -> LOG.info("leaving without a hand-over: {}", why));
                if (refusal.isEmpty()) stayNanos = System.nanoTime() + STAY_NANOS;
            }
            int left = clients.leave(TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
            if (left > 0) LOG.info("{} connections did not leave within {} ms", left, millisMax);
            TimeUnit.NANOSECONDS.sleep(Math.min(stayNanos, deadlineNanos) - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("leaving without a hand-over: nobody took over within {} ms", millisMax);
        }
    }
}
