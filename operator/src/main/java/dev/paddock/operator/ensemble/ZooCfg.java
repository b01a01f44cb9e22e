package dev.paddock.operator.ensemble;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The {@code zoo.cfg} of a cluster's servers: one file for all; what differs, {@code myid}, is not in it. */
final class ZooCfg {
    private static final String WORDS = "4lw.commands.whitelist";
    /** The operator asks it for each member's role. */
    private static final String ASKED = "srvr";

    private ZooCfg() {}

    /** Keys ordered by name, then the members by id; ends with a line break. */
    static String text(Blueprint blueprint) {
        Map<String, String> keys = new TreeMap<>(Map.of("tickTime", "2000", "initLimit", "10", "syncLimit", "5"));
        keys.putAll(blueprint.spec().config());
        keys.merge(WORDS, ASKED, ZooCfg::with);
        keys.put("dataDir", "/data");
        keys.put("clientPort", String.valueOf(Blueprint.CLIENT_PORT));
        keys.put("quorumListenOnAllIPs", "true"); // a pod's own name may not resolve yet when it starts
        keys.put("standaloneEnabled", "false"); // an ensemble of one can grow
        StringBuilder text = new StringBuilder();
        keys.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        for (int id : blueprint.voters()) {
            text.append("server.%d=%s:%d:%d\n"
                    .formatted(id, blueprint.host(id), Blueprint.QUORUM_PORT, Blueprint.ELECTION_PORT));
        }
        return text.toString();
    }

    /** Short name of a text; another text has another. */
    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static String with(String words, String asked) {
        boolean has =
                Arrays.stream(words.split(",")).map(String::strip).anyMatch(w -> w.equals("*") || w.equals(asked));
        return has ? words : words + "," + asked;
    }
}
