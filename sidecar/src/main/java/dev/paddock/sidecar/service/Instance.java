package dev.paddock.sidecar.service;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.paddock.client.NodeData;
import dev.paddock.sidecar.http.Json;
import dev.paddock.sidecar.http.Problem;
import dev.paddock.sidecar.http.Refused;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One registered instance of a service.
 *
 * @param weight share of the picks it takes, 0 to {@link #WEIGHT_MAX}; 0 takes none
 */
record Instance(String id, String address, int port, int weight, Map<String, String> metadata) {
    static final int WEIGHT_MAX = 1000;

    private static final int METADATA_MAX = 64;
    private static final int METADATA_CHARS_MAX = 4096;
    private static final Logger log = LoggerFactory.getLogger(Instance.class);

    /** The body of a registration, and the data of its znode. */
    @JsonIgnoreProperties(ignoreUnknown = false)
    record Body(
            @Nullable String address,
            @Nullable Integer port,
            @Nullable Integer weight,
            @Nullable Map<String, String> metadata) {

        /** @throws Refused if it is no instance */
        Instance instance(String id) {
            if (address == null || !address.matches("[A-Za-z0-9.:_%-]{1,253}"))
                throw new Refused(Problem.badRequest("address must be a host name or an address"));
            if (port == null || port < 1 || port > 65535)
                throw new Refused(Problem.badRequest("port must be from 1 to 65535"));
            int share = weight == null ? 1 : weight;
            if (share < 0 || share > WEIGHT_MAX)
                throw new Refused(Problem.badRequest("weight must be from 0 to " + WEIGHT_MAX));
            Map<String, String> more = metadata == null ? Map.of() : metadata;
            if (more.size() > METADATA_MAX || more.values().stream().anyMatch(Body::tooLong))
                throw new Refused(Problem.badRequest(
                        "metadata holds at most " + METADATA_MAX + " texts of " + METADATA_CHARS_MAX + " characters"));
            return new Instance(id, address, port, share, more);
        }

        private static boolean tooLong(@Nullable String text) {
            return text == null || text.length() > METADATA_CHARS_MAX;
        }
    }

    /** Reads what anybody may have written; empty if it is no instance. */
    static Optional<Instance> read(String id, NodeData node) {
        try {
            return Optional.of(Json.read(node.data(), Body.class).instance(id));
        } catch (IOException | Refused e) {
            log.debug("{} is no instance", id, e);
            return Optional.empty();
        }
    }

    byte[] bytes() {
        var json = new LinkedHashMap<String, Object>();
        json.put("address", address);
        json.put("port", port);
        json.put("weight", weight);
        json.put("metadata", metadata);
        return Json.bytes(json);
    }
}
