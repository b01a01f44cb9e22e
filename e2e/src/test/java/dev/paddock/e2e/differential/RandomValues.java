package dev.paddock.e2e.differential;

import dev.paddock.wire.OpCode;
import dev.paddock.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes the values of requests. */
final class RandomValues {
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final String QUOTAS = "/zookeeper/quota";
    private static final String LIMITS = "zookeeper_limits";
    private static final String STATS = "zookeeper_stats";
    private static final List<String> SYSTEM = List.of(
            "/zookeeper",
            "/zookeeper/quota",
            "/zookeeper/config",
            "/zookeeper/quota/a",
            "/zookeeper/a",
            "/zookeeper/config/a");
    private static final List<String> SCHEMES =
            List.of("world", "digest", "ip", "auth", "super", "sasl", "x509", "foo", "", "key");

    /** What proves the first of the digests. */
    static final byte[] BOB = "bob:secret".getBytes(StandardCharsets.UTF_8);

    /** Passwords secret and x, hashed. */
    private static final List<String> DIGESTS = List.of(
            "bob:fyVmFCwVbTJYrznoSu1koqYEYF0=", "alice:ymPhuWeFSCMY9u3N/YVcxIuy3LU=", "bob", "bob:", ":x", "a:b:c", "");

    private static final List<String> ADDRESSES = List.of(
            "127.0.0.1",
            "127.0.0.0/8",
            "10.0.0.0/8",
            "127.0.0.1/33",
            "127.0.0.1/-1",
            "127.0.0",
            "::1",
            "::1/128",
            "localhost",
            "");

    private final Random random;
    private final String folder;
    private final boolean open;
    private final boolean hasQuotas;
    private boolean saidNull;

    RandomValues(Random random, String folder, boolean open, boolean hasQuotas) {
        this.open = open;
        this.random = random;
        this.folder = folder;
        this.hasQuotas = hasQuotas;
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    int of(int[] all) {
        return all[random.nextInt(all.length)];
    }

    private <T> T of(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** A path, null in a few cases. */
    @Nullable
    String path() {
        if (hasQuotas && oneIn(12)) return quota();
        int dice = random.nextInt(100);
        if (dice < 80) return ordinary();
        if (dice < 86) return folder;
        if (dice < 91) return ordinary() + String.format("%010d", random.nextInt(4));
        if (dice < 93) return "/";
        if (dice < 95) return of(SYSTEM);
        return oneIn(8) ? none() : odd();
    }

    private @Nullable String none() {
        saidNull = true;
        return null;
    }

    /** Whether a null was among the values since it was last asked. */
    boolean saidNull() {
        boolean was = saidNull;
        saidNull = false;
        return was;
    }

    /** Whether a path leads into the folder, or nowhere. */
    boolean isOwn(@Nullable String path) {
        return path == null || path.startsWith(folder) || path.startsWith(QUOTAS + folder);
    }

    private String ordinary() {
        var path = new StringBuilder(folder);
        int depth = 1 + random.nextInt(1 + random.nextInt(3));
        for (int i = 0; i < depth; i++) path.append('/').append(of(NAMES));
        return path.toString();
    }

    private String quota() {
        String path = QUOTAS + (oneIn(3) ? folder : ordinary());
        return oneIn(4) ? path : path + "/" + (oneIn(2) ? LIMITS : STATS);
    }

    /** Where the limits of a path stand, and of those on the way. */
    List<String> quotaPaths() {
        String limited = oneIn(3) ? folder : ordinary();
        List<String> paths = new ArrayList<>();
        for (int end = limited.indexOf('/', 1); end > 0; end = limited.indexOf('/', end + 1)) {
            paths.add(QUOTAS + limited.substring(0, end));
        }
        paths.add(QUOTAS + limited);
        paths.add(QUOTAS + limited + "/" + LIMITS);
        if (!oneIn(10)) paths.add(QUOTAS + limited + "/" + STATS);
        return paths;
    }

    /** Whether Apache's server reads the data of this znode, and ends at what it does not expect. */
    static boolean isRead(@Nullable String path) {
        return path != null && path.startsWith(QUOTAS + "/") && (path.endsWith(LIMITS) || path.endsWith(STATS));
    }

    private byte[] limits() {
        StringBuilder text =
                new StringBuilder("count=").append(limit(8)).append(",bytes=").append(limit(300));
        if (oneIn(2)) {
            text.append('=');
            if (oneIn(2)) text.append(";byteHardLimit=").append(limit(300));
            if (oneIn(2)) text.append(";countHardLimit=").append(limit(8));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private int limit(int max) {
        return oneIn(4) ? -1 : random.nextInt(max);
    }

    private String odd() {
        String path = ordinary();
        return switch (random.nextInt(18)) {
            case 0 -> "";
            case 1 -> "a";
            case 2 -> path + "/";
            case 3 -> path.replace("/a", "//a");
            case 4 -> path + "/.";
            case 5 -> path + "/..";
            case 6 -> path + "/../a";
            case 7 -> path + "\0";
            case 8 -> path + "/\u0001";
            case 9 -> path + "/\u007f";
            case 10 -> path + "/\uf8ff";
            case 11 -> path + "/\uffff";
            case 12 -> path + "/é漢";
            case 13 -> path + "/\ud7ff";
            case 14 -> path + "/…x";
            case 15 -> "//";
            case 16 -> path + "/ ";
            default -> folder + "/" + "n".repeat(300);
        };
    }

    /** A few paths as a vector. */
    void paths(Writer w) {
        if (oneIn(40)) {
            w.writeInt(-1);
            return;
        }
        int count = random.nextInt(3);
        w.writeInt(count);
        for (int i = 0; i < count; i++) w.writeString(path());
    }

    int version() {
        return switch (random.nextInt(20)) {
            case 0 -> -2;
            case 1 -> Integer.MAX_VALUE;
            case 2 -> Integer.MIN_VALUE;
            case 3, 4, 5, 6, 7, 8 -> random.nextInt(4);
            default -> -1;
        };
    }

    /** What a znode at this path may hold. */
    byte @Nullable [] data(@Nullable String path) {
        if (isRead(path)) return limits();
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> new byte[100];
            default -> Integer.toString(random.nextInt(1000)).getBytes(StandardCharsets.UTF_8);
        };
    }

    /** Of a new znode. No limits end with a session, since Apache deletes its ephemerals in the order of a hash table. */
    int flags(int type, @Nullable String path) {
        if (isRead(path)) return type == OpCode.CREATE_CONTAINER ? 4 : 0;
        if (oneIn(15)) return random.nextInt(10) - 2;
        return switch (type) {
            case OpCode.CREATE_CONTAINER -> 4;
            case OpCode.CREATE_TTL -> 5 + random.nextInt(2);
            default -> random.nextInt(4);
        };
    }

    long ttl() {
        return oneIn(5) ? new long[] {0, -1, 1L << 40, (1L << 40) - 1, Long.MAX_VALUE}[random.nextInt(5)] : 100_000;
    }

    void acl(Writer w) {
        if (open || !oneIn(4)) {
            w.writeInt(1);
            entry(w, 31, "world", "anyone");
            return;
        }
        if (oneIn(12)) {
            saidNull = true;
            w.writeInt(-random.nextInt(2)); // null, or empty
            return;
        }
        int count = 1 + random.nextInt(3);
        w.writeInt(count);
        for (int i = 0; i < count; i++) {
            int perms = oneIn(20) ? random.nextInt() : random.nextInt(32);
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> entry(w, perms, "world", "anyone");
                case 3, 4 -> entry(w, perms, "digest", of(DIGESTS));
                case 5, 6 -> entry(w, perms, "ip", of(ADDRESSES));
                case 7 -> entry(w, perms, "auth", oneIn(2) ? "" : "x");
                default ->
                    entry(
                            w,
                            perms,
                            oneIn(20) ? none() : of(SCHEMES),
                            oneIn(20) ? none() : oneIn(2) ? "anyone" : of(DIGESTS));
            }
        }
    }

    private static void entry(Writer w, int perms, @Nullable String scheme, @Nullable String id) {
        w.writeInt(perms);
        w.writeString(scheme);
        w.writeString(id);
    }

    /** Words of a configuration that nobody can have. */
    @Nullable
    String members() {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3, 4 -> null;
            case 5 -> "";
            case 6 -> "9";
            case 7 -> "server.9=localhost";
            case 8 -> "server.1=127.0.0.1:1:2;3,server.2=127.0.0.1:4:5;6,server.3=127.0.0.1:7:8;9";
            case 9 -> "server.9=127.0.0.1:1:2:observer;3,server.9=127.0.0.1:1:2;3";
            case 10 -> "\u00e9=x,,=,";
            default -> "server.9=127.0.0.1:1:2;3";
        };
    }

    /** A token that belongs to no exchange. */
    byte @Nullable [] token() {
        return switch (random.nextInt(5)) {
            case 0 -> null;
            case 1, 2 -> new byte[0];
            case 3 -> "username=\"bob\",realm=\"x\"".getBytes(StandardCharsets.UTF_8);
            default -> new byte[] {(byte) 0xff, 0, 'x'};
        };
    }

    @Nullable
    String scheme() {
        return oneIn(3) ? oneIn(10) ? null : of(SCHEMES) : "digest";
    }

    byte @Nullable [] proof() {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> "bob".getBytes(StandardCharsets.UTF_8);
            case 3 -> "a:b:c".getBytes(StandardCharsets.UTF_8);
            case 4 -> ":".getBytes(StandardCharsets.UTF_8);
            case 5 -> new byte[] {(byte) 0xff, ':', 'x'};
            case 6 -> "alice:x".getBytes(StandardCharsets.UTF_8);
            default -> BOB;
        };
    }
}
