package dev.paddock.client;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.Stat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A client of a ZooKeeper ensemble: one session, from opening to its end. Safe for use by any thread.
 *
 * <p>Calls return at once; they are sent in the order made, pipelined, and answered in that order. A future completes with a {@link Reply}, or with
 * a {@link ClientException} if there is none. Calls made without a link wait for one, at most for the session timeout. Calls that were under way
 * when the link was lost fail with {@link ClientException.ConnectionLoss} and are never sent twice. {@link #blocking()} has the same calls for
 * plain code.
 *
 * <p>The client looks for another server as long as the session is not known to be gone, and attaches to it with the same session: ephemerals and
 * watches live on. It never opens a second session: after {@link ConnectionState#EXPIRED} build a new client.
 *
 * <p>Paths are absolute and do not show the chroot. A malformed path is an {@link IllegalArgumentException}, thrown at once. Futures, watchers and
 * listeners run where {@link ClientBuilder#callbackExecutor} says.
 */
public final class Client implements AutoCloseable {
    /** In place of a version: do not compare. */
    public static final int ANY_VERSION = -1;

    private final Engine engine;
    private final Calls calls;

    Client(Engine engine) {
        this.engine = engine;
        this.calls = engine.calls();
    }

    /**
     * Starts to describe a client.
     *
     * @param servers as in {@link ConnectString#parse}
     * @throws IllegalArgumentException if it is malformed
     */
    public static ClientBuilder builder(String servers) {
        return new ClientBuilder(ConnectString.parse(servers));
    }

    /** Creates a znode that everybody may use. */
    public CompletableFuture<Reply<Created>> create(String path, byte[] data, CreateMode mode) {
        return create(path, data, Acl.OPEN_UNSAFE, mode);
    }

    /** Creates a znode. Refused with NO_NODE (parent), NODE_EXISTS, NO_CHILDREN_FOR_EPHEMERALS, NO_AUTH, INVALID_ACL. */
    public CompletableFuture<Reply<Created>> create(String path, byte[] data, List<Acl> acl, CreateMode mode) {
        return engine.submit(calls.create(path, data, acl, mode));
    }

    /** Deletes a znode. Refused with NO_NODE, BAD_VERSION, NOT_EMPTY, NO_AUTH. */
    public CompletableFuture<Reply<Done>> delete(String path, int version) {
        return engine.submit(calls.delete(path, version));
    }

    /** The stat, or empty if there is no such znode. */
    public CompletableFuture<Reply<Optional<Stat>>> exists(String path) {
        return engine.submit(calls.exists(path, Optional.empty()));
    }

    /** Likewise; the watcher hears when the znode is created, changed or deleted, and is set even if there is none. */
    public CompletableFuture<Reply<Optional<Stat>>> exists(String path, Watcher watcher) {
        return engine.submit(calls.exists(path, Optional.of(watcher)));
    }

    /** Data and stat. Refused with NO_NODE, NO_AUTH. */
    public CompletableFuture<Reply<NodeData>> getData(String path) {
        return engine.submit(calls.getData(path, Optional.empty()));
    }

    /** Likewise; the watcher hears when the znode is changed or deleted. */
    public CompletableFuture<Reply<NodeData>> getData(String path, Watcher watcher) {
        return engine.submit(calls.getData(path, Optional.of(watcher)));
    }

    /** Replaces the data; gives the stat after it. Refused with NO_NODE, BAD_VERSION, NO_AUTH. */
    public CompletableFuture<Reply<Stat>> setData(String path, byte[] data, int version) {
        return engine.submit(calls.setData(path, data, version));
    }

    /** The children's names and the parent's stat. Refused with NO_NODE, NO_AUTH. */
    public CompletableFuture<Reply<Children>> getChildren(String path) {
        return engine.submit(calls.getChildren(path, Optional.empty()));
    }

    /** Likewise; the watcher hears when a child is created or deleted, or the znode itself is deleted. */
    public CompletableFuture<Reply<Children>> getChildren(String path, Watcher watcher) {
        return engine.submit(calls.getChildren(path, Optional.of(watcher)));
    }

    /**
     * Some of the children's names, and the parent's stat. Refused with NO_NODE, NO_AUTH.
     *
     * <p>A listing from the first page to the last, whatever happens to the directory meanwhile, has every name once that was there all the time, no name
     * twice, and none that never was. If {@link Stat#pzxid} is the same in all of its pages, no child was created or deleted from the first page to the last,
     * and the listing is exact; who needs that starts again when it changes.
     *
     * <p>Paddock's servers read no more than the page. To others, such as Apache's, the client makes the page out of a whole listing, which must fit
     * {@link ClientBuilder#replyBytesMax}: then ask for many names at a time.
     */
    public CompletableFuture<Reply<ChildrenPage>> getChildrenPage(String path, PageQuery query) {
        return engine.submit(calls.getChildrenPage(path, query, Optional.empty()));
    }

    /** Likewise; the watcher hears when a child is created or deleted after this page was read, or the znode itself is deleted. */
    public CompletableFuture<Reply<ChildrenPage>> getChildrenPage(String path, PageQuery query, Watcher watcher) {
        return engine.submit(calls.getChildrenPage(path, query, Optional.of(watcher)));
    }

    /** The access control list and the stat. Refused with NO_NODE, NO_AUTH. */
    public CompletableFuture<Reply<NodeAcl>> getAcl(String path) {
        return engine.submit(calls.getAcl(path));
    }

    /** Replaces the access control list; {@code version} is compared with aversion. Refused with NO_NODE, BAD_VERSION, NO_AUTH, INVALID_ACL. */
    public CompletableFuture<Reply<Stat>> setAcl(String path, List<Acl> acl, int version) {
        return engine.submit(calls.setAcl(path, acl, version));
    }

    /** Waits until this session's server has applied all that was committed before; reads made after it, even before its answer, see that. */
    public CompletableFuture<Reply<Done>> sync(String path) {
        return engine.submit(calls.sync(path));
    }

    /** All operations or none, in one transaction. {@link Reply.Refused#op()} says which one was refused. */
    public CompletableFuture<Reply<List<OpResult>>> multi(List<Op> ops) {
        return engine.submit(calls.multi(ops));
    }

    /** Creates a znode that the server deletes once it has neither changed nor had children for so long; servers refuse it unless told to have such ones. */
    public CompletableFuture<Reply<Created>> createTtl(
            String path, byte[] data, List<Acl> acl, boolean sequential, Duration ttl) {
        return engine.submit(calls.createTtl(path, data, acl, sequential, ttl.toMillis()));
    }

    /** The paths of the session's ephemerals that begin with this; {@code /} is all. */
    public CompletableFuture<Reply<List<String>>> getEphemerals(String prefix) {
        return engine.submit(calls.getEphemerals(prefix));
    }

    /** How many znodes are below this one, at any depth. Refused with NO_NODE, NO_AUTH. */
    public CompletableFuture<Reply<Integer>> getAllChildrenNumber(String path) {
        return engine.submit(calls.getAllChildrenNumber(path));
    }

    /** Who this connection has proved to be, as schemes and users. */
    public CompletableFuture<Reply<List<Id>>> whoAmI() {
        return engine.submit(calls.whoAmI());
    }

    /** Sets a watcher that stays: it hears of the znode and, if told, of all that is below. Asks for no permission and no znode. */
    public CompletableFuture<Reply<Done>> addWatch(String path, boolean recursive, Watcher watcher) {
        return engine.submit(calls.addWatch(path, recursive, watcher));
    }

    /** Makes the server forget this session's watches on a path, and drops their watchers without an event. Refused with NO_WATCHER. */
    public CompletableFuture<Reply<Done>> removeWatches(String path, WatchType type) {
        return engine.removeWatches(path, type);
    }

    /** The members of the ensemble, whatever the chroot. */
    public CompletableFuture<Reply<Config>> getConfig() {
        return engine.submit(calls.getConfig(Optional.empty()));
    }

    /** Likewise; the watcher hears when they change. Its event has the server's path. */
    public CompletableFuture<Reply<Config>> getConfig(Watcher watcher) {
        return engine.submit(calls.getConfig(Optional.of(watcher)));
    }

    /**
     * Changes the members of the ensemble; gives them as they are then. Refused with RECONFIG_DISABLED, NO_AUTH, BAD_VERSION, NEW_CONFIG_NO_QUORUM,
     * RECONFIG_IN_PROGRESS, BAD_ARGUMENTS.
     */
    public CompletableFuture<Reply<Config>> reconfig(Reconfiguration change) {
        return engine.submit(calls.reconfig(change));
    }

    /**
     * Adds credentials to the session's connections, like {@code digest} and {@code user:password}; sent again after every reconnect. It completes
     * when a server has taken them. A server that refuses them ends the client ({@link ConnectionState#AUTH_FAILED}).
     */
    public CompletableFuture<Done> addAuth(String scheme, byte[] credentials) {
        return engine.addAuth(scheme, credentials);
    }

    /**
     * Drops a watcher set by an answered call on this path, without an event. The server is not told: it may still send its one event, to nobody.
     */
    public void removeWatcher(String path, Watcher watcher) {
        engine.removeWatcher(calls.serverPath(path), watcher);
    }

    /** The same calls, each waiting for its answer. */
    public BlockingClient blocking() {
        return new BlockingClient(engine);
    }

    /** The state now; may be behind by what the loop has not yet handled. */
    public ConnectionState state() {
        return engine.status().state();
    }

    /** The session, once there was one. */
    public Optional<Session> session() {
        return engine.status().session();
    }

    /** The session timeout that the server granted last; what was asked for before that. */
    public Duration sessionTimeout() {
        return Duration.ofMillis(engine.status().timeoutMillis());
    }

    /**
     * The instant of {@link System#nanoTime()} until which the session lives for sure, whoever is cut off from whom: one session timeout after the
     * client <i>started</i> the newest exchange that it knows to have gone through the leader. Compare by subtraction.
     *
     * <p>Answers to pings and reads do not count, since a server that is cut off from its leader goes on giving them while the leader counts the
     * session out. What counts: attaching, a write that was done, a sync; the client makes a sync when a third of the timeout has passed without one,
     * so that on a healthy link at least two thirds of a timeout are left, less a round trip. It never moves back, except that it is now or past once
     * the client begins to close the session or is told that the session has expired.
     *
     * <p>What it rests on: the leader counts a session's time from no earlier than a request of it, and answers a sync only while it leads. Apache
     * ZooKeeper 3.9 is weaker in both: a follower tells its leader of sessions up to half a tick later, so that its loss within that time may take the
     * last exchange with it; and a leader cut off from its quorum answers syncs until it notices. Between Apache's servers take a third of the timeout
     * off, and let the guarded resource check the fencing token.
     */
    public long sessionDeadlineNanos() {
        return engine.status().deadlineNanos();
    }

    /** The largest zxid that this session has seen in a reply; see {@link ClientBuilder#lastZxid}. */
    public long lastZxid() {
        return engine.status().lastZxid();
    }

    /** Completes when the client is attached for the first time, exceptionally if it ends before. */
    public CompletableFuture<Session> connected() {
        return engine.connected();
    }

    /** Adds a listener, which first hears the state as it is. */
    public void addListener(ConnectionListener listener) {
        engine.addListener(listener);
    }

    /** Removes a listener; an event that is on its way may still come. */
    public void removeListener(ConnectionListener listener) {
        engine.removeListener(listener);
    }

    /** Ends the client and leaves the session to live on until it times out, for another client to attach to. Never fails. */
    public CompletableFuture<Done> detach() {
        return engine.detach();
    }

    /**
     * Closes the session, whose ephemerals are then deleted, and ends the client. Calls made before are answered first. Without a link it waits for
     * one a third of the session timeout, at most two seconds, and then gives up: the session is left to time out. Never fails.
     */
    public CompletableFuture<Done> closeAsync() {
        return engine.close();
    }

    /** Likewise, waiting for the end; on the client's own event loop thread it does not wait. An interrupt ends the waiting, not the closing. */
    @Override
    public void close() {
        engine.closeAndWait();
    }
}
