package dev.paddock.wire.golden;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cuts the bytes of election links into the hello and the notifications. One of each state is kept. */
final class ElectionVectors {
    private static final int HELLO_HEAD_BYTES = 20;

    private final Map<String, Vector> vectors = new LinkedHashMap<>();

    List<Vector> all() {
        return new ArrayList<>(vectors.values());
    }

    void add(Tap.Link link) throws java.io.IOException {
        byte[] dialler = link.fromDialler();
        if (dialler.length < HELLO_HEAD_BYTES) {
            return;
        }
        int helloBytes = HELLO_HEAD_BYTES + ByteBuffer.wrap(dialler).getInt(16);
        addHello(Arrays.copyOf(dialler, helloBytes));
        addNotifications(Arrays.copyOfRange(dialler, helloBytes, dialler.length));
        addNotifications(link.fromTarget());
    }

    private void addHello(byte[] hello) throws java.io.IOException {
        var fields = new FieldLines(hello);
        fields.readLong("protocol");
        fields.readLong("sid");
        fields.readString("address");
        vectors.putIfAbsent("hello", new Vector("hello", fields.end()));
    }

    private void addNotifications(byte[] stream) throws java.io.IOException {
        for (byte[] message : ClientVectors.frames(stream)) {
            var fields = new FieldLines(message);
            int state = fields.readInt("state");
            fields.readLong("leader");
            fields.readLong("zxid");
            fields.readLong("electionEpoch");
            fields.readLong("peerEpoch");
            fields.readInt("version");
            fields.readString("config");
            vectors.putIfAbsent("notification " + state, new Vector("notification " + state, fields.end()));
        }
    }
}
