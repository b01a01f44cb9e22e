package dev.paddock.cli.up;

import dev.paddock.client.BlockingClient;
import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.client.NodeData;
import dev.paddock.client.Op;
import dev.paddock.client.Reply;
import dev.paddock.wire.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** Brings the znodes of the manifests' {@code CoordinationConfig}s to what they say: all of a change or nothing. */
final class ConfigKeys {
    private static final int ATTEMPTS = 5;
    private static final byte[] EMPTY = new byte[0];

    private final BlockingClient client;

    ConfigKeys(Client client) {
        this.client = client.blocking();
    }

    /**
     * Makes the change in one transaction. If another writer comes between reading and writing, it looks again.
     *
     * @param wanted path to value
     * @param gone   paths that an earlier manifest had and this one has not
     * @return how many keys were created, changed or deleted
     * @throws dev.paddock.client.ClientException if the ensemble does not answer or goes on refusing
     */
    int apply(SortedMap<String, String> wanted, Set<String> gone) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            List<Op> ops = new ArrayList<>();
            int changes = plan(wanted, gone, ops);
            if (ops.isEmpty()) return 0;
            Reply<?> reply = client.multi(ops);
            if (reply instanceof Reply.Ok<?>) return changes;
            if (attempt == ATTEMPTS) reply.value(); // throws the refusal
        }
    }

    private int plan(SortedMap<String, String> wanted, Set<String> gone, List<Op> ops) throws InterruptedException {
        int changes = 0;
        Set<String> created = new LinkedHashSet<>();
        for (Map.Entry<String, String> key : wanted.entrySet()) {
            byte[] value = key.getValue().getBytes(StandardCharsets.UTF_8);
            switch (client.getData(key.getKey())) {
                case Reply.Ok<NodeData>(NodeData node, long zxid) -> {
                    if (Arrays.equals(node.data(), value)) continue;
                    ops.add(new Op.SetData(key.getKey(), value, node.stat().version()));
                }
                case Reply.Refused<NodeData> refused
                when refused.error() == ErrorCode.NO_NODE -> {
                    createParents(key.getKey(), created, ops);
                    ops.add(Op.create(key.getKey(), value, CreateMode.PERSISTENT));
                    created.add(key.getKey());
                }
                case Reply.Refused<NodeData> refused -> refused.value();
            }
            changes++;
        }
        for (String path : gone) {
            if (client.getData(path) instanceof Reply.Ok<NodeData>(NodeData node, long zxid)) {
                ops.add(new Op.Delete(path, node.stat().version()));
                changes++;
            }
        }
        return changes;
    }

    private void createParents(String path, Set<String> created, List<Op> ops) throws InterruptedException {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            String parent = path.substring(0, slash);
            if (created.contains(parent) || client.exists(parent).value().isPresent()) continue;
            ops.add(Op.create(parent, EMPTY, CreateMode.PERSISTENT));
            created.add(parent);
        }
    }
}
