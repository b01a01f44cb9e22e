package dev.paddock.operator.config;

import dev.paddock.client.BlockingClient;
import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.client.NodeData;
import dev.paddock.client.Op;
import dev.paddock.client.Reply;
import dev.paddock.wire.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** Brings znodes to what manifests say: all of a change or nothing. */
public final class KeyWriter {
    private static final int ATTEMPTS = 5;
    private static final byte[] EMPTY = new byte[0];

    private final BlockingClient client;

    public KeyWriter(Client client) {
        this.client = client.blocking();
    }

    /**
     * What has to be done.
     *
     * @param keys how many keys are created, changed or deleted
     */
    record Change(List<Op> ops, int keys) {}

    /**
     * Makes the change in one transaction. If another writer comes between reading and writing, it looks again.
     *
     * @param wanted path to value
     * @param gone   paths that were wanted earlier and are not any more
     * @return how many keys were created, changed or deleted
     * @throws dev.paddock.client.ClientException if the ensemble does not answer or goes on refusing
     */
    public int apply(SortedMap<String, byte[]> wanted, Set<String> gone) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Change change = plan(wanted, gone);
            if (change.ops().isEmpty()) return 0;
            Reply<?> reply = client.multi(change.ops());
            if (reply instanceof Reply.Ok<?>) return change.keys();
            if (attempt == ATTEMPTS) reply.value(); // throws the refusal
        }
    }

    /** What differs now; each operation is refused if another writer was faster. */
    Change plan(SortedMap<String, byte[]> wanted, Set<String> gone) throws InterruptedException {
        List<Op> ops = new ArrayList<>();
        int keys = 0;
        Set<String> created = new HashSet<>();
        for (Map.Entry<String, byte[]> key : wanted.entrySet()) {
            if (bring(key.getKey(), key.getValue(), created, ops)) keys++;
        }
        for (String path : gone) {
            if (takeAway(path, ops)) keys++;
        }
        return new Change(ops, keys);
    }

    private boolean bring(String path, byte[] value, Set<String> created, List<Op> ops) throws InterruptedException {
        switch (client.getData(path)) {
            case Reply.Ok<NodeData>(NodeData node, long zxid) -> {
                if (Arrays.equals(node.data(), value)) return false;
                ops.add(new Op.SetData(path, value, node.stat().version()));
            }
            case Reply.Refused<NodeData> refused
            when refused.error() == ErrorCode.NO_NODE -> {
                createParents(path, created, ops);
                ops.add(Op.create(path, value, CreateMode.PERSISTENT));
                created.add(path);
            }
            case Reply.Refused<NodeData> refused -> refused.value();
        }
        return true;
    }

    /** A key with keys of others below it stays as their folder. */
    private boolean takeAway(String path, List<Op> ops) throws InterruptedException {
        if (!(client.getData(path) instanceof Reply.Ok<NodeData>(NodeData node, long zxid))) return false;
        int version = node.stat().version();
        if (node.stat().numChildren() == 0) ops.add(new Op.Delete(path, version));
        else if (node.data().length > 0) ops.add(new Op.SetData(path, EMPTY, version));
        else return false;
        return true;
    }

    /** Adds what makes the znodes above this one; {@code created} are those that earlier operations make. */
    void createParents(String path, Set<String> created, List<Op> ops) throws InterruptedException {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            String parent = path.substring(0, slash);
            if (created.contains(parent) || client.exists(parent).value().isPresent()) continue;
            ops.add(Op.create(parent, EMPTY, CreateMode.PERSISTENT));
            created.add(parent);
        }
    }
}
