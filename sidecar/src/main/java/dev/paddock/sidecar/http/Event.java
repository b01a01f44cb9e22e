package dev.paddock.sidecar.http;

import java.nio.charset.StandardCharsets;

/**
 * One server-sent event.
 *
 * @param name the event's name, as {@code granted}
 * @param zxid the {@code id:} a client gives back as {@code Last-Event-ID}, below 0 for none
 * @param data written as one line of JSON
 */
public record Event(String name, long zxid, Object data) {

    static final byte[] HEARTBEAT = ": heartbeat\n\n".getBytes(StandardCharsets.US_ASCII);

    byte[] frame() {
        String head = (zxid < 0 ? "" : "id: " + zxid + "\n") + "event: " + name + "\ndata: ";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] json = Json.bytes(data); // compact JSON holds no raw line end
        byte[] frame = new byte[start.length + json.length + 2];
        System.arraycopy(start, 0, frame, 0, start.length);
        System.arraycopy(json, 0, frame, start.length, json.length);
        frame[frame.length - 2] = '\n';
        frame[frame.length - 1] = '\n';
        return frame;
    }
}
