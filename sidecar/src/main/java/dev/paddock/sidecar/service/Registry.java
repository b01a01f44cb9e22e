package dev.paddock.sidecar.service;

import dev.paddock.client.Children;
import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.client.Created;
import dev.paddock.client.NodeData;
import dev.paddock.client.Reply;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.ensemble.Link;
import dev.paddock.sidecar.ensemble.Unavailable;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Stat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this sidecar registered. A registration outlives a lost session: it is made again with the next one, until it is taken back.
 * Safe for use by any thread.
 */
final class Registry {
    static final String ROOT = "/paddock/services";

    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(Registry.class);

    /** What came of registering or taking back. */
    enum Outcome {
        DONE,
        /** Another session has registered an instance of this id. */
        TAKEN,
        /** There is no such instance. */
        MISSING
    }

    private final Ensemble ensemble;
    private final Map<String, byte[]> wanted = new ConcurrentSkipListMap<>(); // path to data

    Registry(Ensemble ensemble) {
        this.ensemble = ensemble;
        ensemble.listen(this::linkChanged);
    }

    static String folder(String service) {
        return ROOT + "/" + service;
    }

    static String path(String service, String id) {
        return folder(service) + "/" + id;
    }

    int count() {
        return wanted.size();
    }

    /** Registers or changes an instance. */
    Outcome register(String service, Instance instance) throws InterruptedException {
        String path = path(service, instance.id());
        Outcome outcome = write(path, instance.bytes());
        if (outcome == Outcome.DONE) wanted.put(path, instance.bytes());
        return outcome;
    }

    /** Takes an instance of this sidecar back. */
    Outcome deregister(String service, String id) throws InterruptedException {
        String path = path(service, id);
        wanted.remove(path);
        Optional<Stat> stat =
                ensemble.ask(ANSWER_MAX, client -> client.exists(path)).value();
        if (stat.isEmpty()) return Outcome.MISSING;
        if (!isOwn(stat.get())) return Outcome.TAKEN;
        ensemble.ask(ANSWER_MAX, client -> client.delete(path, Client.ANY_VERSION));
        return Outcome.DONE;
    }

    private Outcome write(String path, byte[] data) throws InterruptedException {
        while (true) {
            Reply<Created> created =
                    ensemble.ask(ANSWER_MAX, client -> client.create(path, data, CreateMode.EPHEMERAL));
            if (created instanceof Reply.Ok<Created>) return Outcome.DONE;
            ErrorCode error = ((Reply.Refused<Created>) created).error();
            switch (error) {
                case NO_NODE -> createFolder(path);
                case NODE_EXISTS -> {
                    Optional<Stat> stat = ensemble.ask(ANSWER_MAX, client -> client.exists(path))
                            .value();
                    if (stat.isEmpty()) continue;
                    if (!isOwn(stat.get())) return Outcome.TAKEN;
                    ensemble.ask(ANSWER_MAX, client -> client.setData(path, data, Client.ANY_VERSION));
                    return Outcome.DONE;
                }
                default -> throw new Unavailable("the ensemble refused the registration: " + error);
            }
        }
    }

    private void createFolder(String path) throws InterruptedException {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            String parent = path.substring(0, slash);
            Reply<Created> reply =
                    ensemble.ask(ANSWER_MAX, client -> client.create(parent, new byte[0], CreateMode.PERSISTENT));
            if (reply instanceof Reply.Refused<Created> refused && refused.error() != ErrorCode.NODE_EXISTS)
                throw new Unavailable("the ensemble refused " + parent + ": " + refused.error());
        }
    }

    private boolean isOwn(Stat stat) {
        return ensemble.client()
                .session()
                .map(session -> session.id() == stat.ephemeralOwner())
                .orElse(false);
    }

    private void linkChanged(Client of, Link link) {
        if (link != Link.UP) return;
        Thread.ofVirtual().name("registry").start(() -> restore());
    }

    /** Makes sure that what was registered is there: after a new session, and after a crash of this sidecar. */
    private void restore() {
        try {
            if (ensemble.isResuming() && wanted.isEmpty()) adopt();
            for (Map.Entry<String, byte[]> entry : wanted.entrySet()) {
                if (write(entry.getKey(), entry.getValue()) == Outcome.TAKEN)
                    log.warn("{} is registered by another session", entry.getKey());
            }
        } catch (Unavailable e) {
            log.warn("registering again waits for the link: {}", e.getMessage());
        } catch (InterruptedException _) { // nobody interrupts this thread
            Thread.currentThread().interrupt();
        }
    }

    /** Takes over what the run before registered with this session. */
    private void adopt() throws InterruptedException {
        for (String service : children(ROOT)) {
            for (String id : children(folder(service))) {
                String path = path(service, id);
                Reply<NodeData> reply = ensemble.ask(ANSWER_MAX, by -> by.getData(path));
                if (reply instanceof Reply.Ok<NodeData> node
                        && isOwn(node.value().stat()))
                    wanted.putIfAbsent(path, node.value().data());
            }
        }
    }

    private List<String> children(String path) throws InterruptedException {
        return ensemble.ask(ANSWER_MAX, by -> by.getChildren(path)) instanceof Reply.Ok<Children> found
                ? found.value().names()
                : List.of();
    }
}
