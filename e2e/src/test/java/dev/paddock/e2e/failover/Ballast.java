package dev.paddock.e2e.failover;

import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.client.Op;
import java.util.ArrayList;
import java.util.List;

/** Small znodes, a lot of them: whoever collects garbage has to look at each. Owned by one thread. */
final class Ballast implements AutoCloseable {
    private static final int MULTI = 2_000;
    private static final byte[] DATA = new byte[32];

    private final Client client;
    private int folders;

    Ballast(String servers) {
        client = Client.builder(servers).start();
    }

    /** Makes so many more. */
    void add(int znodes) {
        String folder = "/ballast" + folders++;
        var _ = client.create(folder, DATA, CreateMode.PERSISTENT).join().value();
        for (int from = 0; from < znodes; from += MULTI) {
            List<Op> ops = new ArrayList<>();
            for (int i = from; i < Math.min(znodes, from + MULTI); i++) {
                ops.add(Op.create(folder + "/znode" + i, DATA, CreateMode.PERSISTENT));
            }
            var _ = client.multi(ops).join().value();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
