package dev.paddock.client;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.Stat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@link Client}'s calls for plain code: each waits for its answer. Refusals are values ({@link Reply.Refused}); faults are thrown as
 * {@link ClientException}. An interrupt ends the waiting, not the request. Not to be called on the client's event loop thread.
 */
public final class BlockingClient {
    private final Engine engine;
    private final Calls calls;

    BlockingClient(Engine engine) {
        this.engine = engine;
        this.calls = engine.calls();
    }

    /** See {@link Client#create(String, byte[], CreateMode)}. */
    public Reply<Created> create(String path, byte[] data, CreateMode mode) throws InterruptedException {
        return create(path, data, Acl.OPEN_UNSAFE, mode);
    }

    /** See {@link Client#create(String, byte[], List, CreateMode)}. */
    public Reply<Created> create(String path, byte[] data, List<Acl> acl, CreateMode mode) throws InterruptedException {
        return engine.await(calls.create(path, data, acl, mode));
    }

    /** See {@link Client#delete}. */
    public Reply<Done> delete(String path, int version) throws InterruptedException {
        return engine.await(calls.delete(path, version));
    }

    /** See {@link Client#exists(String)}. */
    public Reply<Optional<Stat>> exists(String path) throws InterruptedException {
        return engine.await(calls.exists(path, Optional.empty()));
    }

    /** See {@link Client#exists(String, Watcher)}. */
    public Reply<Optional<Stat>> exists(String path, Watcher watcher) throws InterruptedException {
        return engine.await(calls.exists(path, Optional.of(watcher)));
    }

    /** See {@link Client#getData(String)}. */
    public Reply<NodeData> getData(String path) throws InterruptedException {
        return engine.await(calls.getData(path, Optional.empty()));
    }

    /** See {@link Client#getData(String, Watcher)}. */
    public Reply<NodeData> getData(String path, Watcher watcher) throws InterruptedException {
        return engine.await(calls.getData(path, Optional.of(watcher)));
    }

    /** See {@link Client#setData}. */
    public Reply<Stat> setData(String path, byte[] data, int version) throws InterruptedException {
        return engine.await(calls.setData(path, data, version));
    }

    /** See {@link Client#getChildren(String)}. */
    public Reply<Children> getChildren(String path) throws InterruptedException {
        return engine.await(calls.getChildren(path, Optional.empty()));
    }

    /** See {@link Client#getChildren(String, Watcher)}. */
    public Reply<Children> getChildren(String path, Watcher watcher) throws InterruptedException {
        return engine.await(calls.getChildren(path, Optional.of(watcher)));
    }

    /** See {@link Client#getChildrenPage(String, PageQuery)}. */
    public Reply<ChildrenPage> getChildrenPage(String path, PageQuery query) throws InterruptedException {
        return engine.await(calls.getChildrenPage(path, query, Optional.empty()));
    }

    /** See {@link Client#getChildrenPage(String, PageQuery, Watcher)}. */
    public Reply<ChildrenPage> getChildrenPage(String path, PageQuery query, Watcher watcher)
            throws InterruptedException {
        return engine.await(calls.getChildrenPage(path, query, Optional.of(watcher)));
    }

    /** See {@link Client#getAcl}. */
    public Reply<NodeAcl> getAcl(String path) throws InterruptedException {
        return engine.await(calls.getAcl(path));
    }

    /** See {@link Client#setAcl}. */
    public Reply<Stat> setAcl(String path, List<Acl> acl, int version) throws InterruptedException {
        return engine.await(calls.setAcl(path, acl, version));
    }

    /** See {@link Client#sync}. */
    public Reply<Done> sync(String path) throws InterruptedException {
        return engine.await(calls.sync(path));
    }

    /** See {@link Client#createTtl}. */
    public Reply<Created> createTtl(String path, byte[] data, List<Acl> acl, boolean sequential, Duration ttl)
            throws InterruptedException {
        return engine.await(calls.createTtl(path, data, acl, sequential, ttl.toMillis()));
    }

    /** See {@link Client#getEphemerals}. */
    public Reply<List<String>> getEphemerals(String prefix) throws InterruptedException {
        return engine.await(calls.getEphemerals(prefix));
    }

    /** See {@link Client#getAllChildrenNumber}. */
    public Reply<Integer> getAllChildrenNumber(String path) throws InterruptedException {
        return engine.await(calls.getAllChildrenNumber(path));
    }

    /** See {@link Client#whoAmI}. */
    public Reply<List<Id>> whoAmI() throws InterruptedException {
        return engine.await(calls.whoAmI());
    }

    /** See {@link Client#addWatch}. */
    public Reply<Done> addWatch(String path, boolean recursive, Watcher watcher) throws InterruptedException {
        return engine.await(calls.addWatch(path, recursive, watcher));
    }

    /** See {@link Client#getConfig()}. */
    public Reply<Config> getConfig() throws InterruptedException {
        return engine.await(calls.getConfig(Optional.empty()));
    }

    /** See {@link Client#reconfig}. */
    public Reply<Config> reconfig(Reconfiguration change) throws InterruptedException {
        return engine.await(calls.reconfig(change));
    }

    /** See {@link Client#multi}. */
    public Reply<List<OpResult>> multi(List<Op> ops) throws InterruptedException {
        return engine.await(calls.multi(ops));
    }
}
