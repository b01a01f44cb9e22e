package dev.paddock.operator.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.crds.CoordinationConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a claim znode says: whose the keys under a path are. It changes in the same transactions as the keys, so that its list
 * is always the whole of what has to be deleted.
 *
 * @param keys names without the path, ascending
 * @param hash of keys and values
 */
record Claim(Owner owner, List<String> keys, String hash) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FOLDER = "/paddock/configs/";

    Claim {
        keys = List.copyOf(keys);
    }

    /** A {@code CoordinationConfig}. */
    record Owner(String namespace, String name, String uid) {
        static Owner of(CoordinationConfig config) {
            var metadata = config.getMetadata();
            return new Owner(metadata.getNamespace(), metadata.getName(), metadata.getUid());
        }

        @Override
        public String toString() {
            return "CoordinationConfig " + namespace + "/" + name;
        }
    }

    /** The claim's znode: one flat folder, {@code ':'} for the slashes, which no segment of a path may have. */
    static String znode(String path) {
        return FOLDER + path.substring(1).replace('/', ':');
    }

    byte[] bytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty if somebody else has written there. */
    static Optional<Claim> parse(byte[] bytes) {
        try {
            Claim claim = JSON.readValue(bytes, Claim.class);
            boolean whole = claim.owner != null && claim.owner.uid != null && claim.hash != null;
            return whole ? Optional.of(claim) : Optional.empty();
        } catch (IOException | RuntimeException malformed) { // told to the user by the caller
            return Optional.empty();
        }
    }
}
