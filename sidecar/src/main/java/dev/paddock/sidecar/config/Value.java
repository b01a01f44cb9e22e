package dev.paddock.sidecar.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One config value. Equal by value.
 *
 * @param mzxid   the zxid of its last change
 * @param version counts its changes
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode compare the bytes
record Value(byte[] data, long mzxid, int version) {

    /** As text; empty if the bytes are no UTF-8. */
    Optional<String> text() {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString());
        } catch (CharacterCodingException _) { // bytes, not text: nothing is wrong with that
            return Optional.empty();
        }
    }

    /** {@code value} as text or {@code base64}, and what changed it. */
    Map<String, Object> json(String path) {
        var json = new LinkedHashMap<String, Object>();
        json.put("path", path);
        json.put("exists", true);
        text().ifPresentOrElse(text -> json.put("value", text), () -> json.put("base64", base64()));
        json.put("mzxid", Long.toString(mzxid));
        json.put("version", version);
        return json;
    }

    String base64() {
        return Base64.getEncoder().encodeToString(data);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Value that
                && mzxid == that.mzxid
                && version == that.version
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(mzxid);
    }

    @Override
    public String toString() {
        return "Value[" + data.length + " bytes, mzxid=" + mzxid + ", version=" + version + "]";
    }
}
