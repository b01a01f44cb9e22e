package dev.paddock.operator.ensemble;

import dev.paddock.crds.Engine;
import dev.paddock.crds.Tls;
import dev.paddock.operator.certificates.KeyFiles;
import dev.paddock.operator.certificates.MemberKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The {@code zoo.cfg} of a cluster's servers, without its members: one file for all. What differs, and what changes while they run,
 * is put beside it on each member's volume before its server starts.
 */
final class ZooCfg {
    /** Where the server has its key and whose certificates it takes. */
    static final String KEYS = "/keys";
    /** Where a member has its key and whose certificates it takes from others. */
    static final String MEMBER_KEYS = "/member-keys";
    /** Name of that key. */
    static final String OWN_KEY = "own.pem";

    private static final String WORDS = "4lw.commands.whitelist";
    /** What the operator asks: roles, who the members are, and whether their trees are the same. */
    private static final String[] ASKED = {"srvr", "conf", "mntr", "hash"};

    private ZooCfg() {}

    /** Keys ordered by name; ends with a line break. */
    static String text(Blueprint blueprint) {
        Map<String, String> keys = new TreeMap<>(Map.of(
                "tickTime", "2000",
                "initLimit", "10",
                "syncLimit", "5",
                "leaveDelayMillis", "2000", // until no Service sends clients to the pod
                "autopurge.purgeInterval", "1",
                "metricsProvider.className", OwnSettings.PROMETHEUS));
        Map<String, String> asked = new TreeMap<>(blueprint.spec().config());
        asked.keySet().removeAll(Ensemble.leftOut(blueprint).keySet());
        keys.putAll(asked);
        for (String word : ASKED) keys.merge(WORDS, word, ZooCfg::with);
        keys.put("dataDir", "/data");
        keys.put("quorumListenOnAllIPs", "true"); // a pod's own name may not resolve yet when it starts
        keys.put("standaloneEnabled", "false"); // an ensemble of one can grow
        keys.put("reconfigEnabled", "true");
        blueprint.tls().ifPresent(tls -> keys.putAll(ofTls(tls)));
        if (blueprint.hasMemberKeys()) keys.putAll(ofMembers(blueprint.spec().engine()));
        StringBuilder text = new StringBuilder();
        keys.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        return text.toString();
    }

    /** What of it changes restarts the servers; the files change without. */
    private static Map<String, String> ofTls(Tls.ClientTls tls) {
        Map<String, String> keys = new TreeMap<>(Map.of(
                "secureClientPort",
                String.valueOf(Blueprint.SECURE_CLIENT_PORT),
                "ssl.keyStore.location",
                KEYS + "/" + KeyFiles.SERVER,
                "ssl.clientAuth",
                switch (tls.verify()) {
                    case NONE -> "none";
                    case OPTIONAL -> "want";
                    case REQUIRED -> "need";
                }));
        if (tls.verify() != Tls.Verify.NONE) keys.put("ssl.trustStore.location", KEYS + "/" + KeyFiles.CLIENTS);
        return keys;
    }

    /** ZooKeeper would compare a member's certificate with the address of its pod, which changes. */
    private static Map<String, String> ofMembers(Engine engine) {
        Map<String, String> keys = new TreeMap<>(Map.of(
                "sslQuorum",
                "true",
                "ssl.quorum.keyStore.location",
                MEMBER_KEYS + "/" + OWN_KEY,
                "ssl.quorum.trustStore.location",
                MEMBER_KEYS + "/" + MemberKeys.TRUSTED));
        if (engine == Engine.ZOOKEEPER) keys.put("ssl.quorum.clientHostnameVerification", "false");
        return keys;
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
