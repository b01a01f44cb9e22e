package dev.paddock.e2e.differential;

import dev.paddock.wire.Acl;
import dev.paddock.wire.NullAclException;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.Request;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes requests of all kinds, most of them sensible, over few paths, so that they get in each other's way. */
final class RandomRequests {
    private static final int[] UNKNOWN_TYPES = {
        0, 10, 23, 24, 50, 99, 108, 200, -2, -12, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 13
    };

    private static final int[] ODD_XIDS = {
        0, 0, 0, -1, -1, -2, -3, -4, -8, 1, 7, -112, Integer.MIN_VALUE, Integer.MAX_VALUE
    };

    private final Random random;
    private final RandomValues values;
    private final boolean open;
    private final boolean isDeep;
    private final boolean isEnsemble;
    private int lastXid;
    private boolean isLast;

    /**
     * @param open   whether everybody may do everything, so that nobody needs to ask for a permission that Apache never asks for
     * @param isDeep whether setACLs are few, since they end a burst
     */
    RandomRequests(Random random, String folder, boolean open, boolean isDeep, boolean hasQuotas, boolean isEnsemble) {
        this.isEnsemble = isEnsemble;
        this.isDeep = isDeep;
        this.random = random;
        this.values = new RandomValues(random, folder, open, hasQuotas);
        this.open = open;
    }

    /** A request that leaves the connection open. */
    Ask next() {
        isLast = false;
        values.saidNull();
        int zxidAt = -1;
        var w = new Writer(64);
        int type = type();
        switch (type) {
            case OpCode.SET_WATCHES, OpCode.SET_WATCHES2 -> zxidAt = 0;
            default -> {}
        }
        write(type, w);
        byte[] whole = w.toByteArray();
        byte[] body = saysQuotas(whole) ? whole : damaged(whole);
        if (endsApache(type, body)) return next();
        boolean isDamaged = !Arrays.equals(body, whole);
        isLast |= switch (type) {
            case OpCode.SET_ACL -> true;
            case OpCode.MULTI -> isDamaged || values.saidNull();
            case OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL -> isDamaged;
            default -> false;
        };
        return new Ask(xid(type), type, body, zxidAt);
    }

    /**
     * Whether what comes next has to wait for it: until a setACL is applied, Apache goes by the old ACL, and until a container or
     * TTL znode is applied that was asked for with the flags of an ephemeral, it goes for one; and what a multi that cannot be
     * decoded has asked for before its fault counts until the fault is applied.
     */
    boolean isLast() {
        return isLast;
    }

    private static boolean isOther(int type) {
        return type == OpCode.CREATE_CONTAINER || type == OpCode.CREATE_TTL;
    }

    private static boolean isEphemeral(int flags) {
        return flags == 1 || flags == 3;
    }

    private static boolean saysQuotas(byte[] body) {
        return new String(body, StandardCharsets.ISO_8859_1).contains("/zookeeper_");
    }

    /** Puts limits on a path, as zkCli does. */
    List<Ask> quota() {
        List<Ask> asks = new ArrayList<>();
        for (String path : values.quotaPaths()) {
            var w = new Writer(64);
            w.writeString(path);
            w.writeBuffer(RandomValues.isRead(path) ? values.data(path) : null);
            Acl.writeList(w, Acl.OPEN_UNSAFE);
            w.writeInt(0);
            asks.add(new Ask(++lastXid, OpCode.CREATE, w.toByteArray()));
        }
        return asks;
    }

    /** A proof by SASL that is none. */
    Ask token() {
        var w = new Writer(32);
        w.writeBuffer(values.token());
        return new Ask(++lastXid, OpCode.SASL, damaged(w.toByteArray()));
    }

    /** A login, mostly a good one. */
    Step.Login login(int slot) {
        boolean isBob = random.nextBoolean();
        String secret = random.nextInt(8) == 0 ? "wrong" : isBob ? "bobsecret" : "amysecret";
        return new Step.Login(slot, ++lastXid, isBob ? "bob" : "amy", secret, random.nextInt(12) == 0);
    }

    /**
     * Whether Apache's server does not survive it: a createTTL without a time to live, of a znode that is to live for ever, ends
     * the process, and an ensemble stops at a malformed write, which becomes a proposal with the zxid of the one before.
     */
    private boolean endsApache(int type, byte[] body) {
        try {
            Request request = Request.read(type, new Reader(body));
            return request instanceof Request.CreateTtl create && !isTtl(create.flags()) && create.ttlMillis() < 0;
        } catch (NullAclException e) {
            return isEnsemble;
        } catch (WireException e) {
            return isEnsemble && isWrite(type) && type != OpCode.MULTI;
        }
    }

    private static boolean isTtl(int flags) {
        return flags == 5 || flags == 6;
    }

    static boolean isWrite(int type) {
        return switch (type) {
            case OpCode.CREATE,
                    OpCode.CREATE2,
                    OpCode.CREATE_CONTAINER,
                    OpCode.CREATE_TTL,
                    OpCode.DELETE,
                    OpCode.DELETE_CONTAINER,
                    OpCode.SET_DATA,
                    OpCode.SET_ACL,
                    OpCode.MULTI,
                    OpCode.RECONFIG -> true;
            default -> false;
        };
    }

    private int type() {
        int dice = random.nextInt(100);
        if (dice < 18) return OpCode.CREATE;
        if (dice < 24) return OpCode.CREATE2;
        if (dice < 26) return OpCode.CREATE_CONTAINER;
        if (dice < 28) return OpCode.CREATE_TTL;
        if (dice < 35) return OpCode.DELETE;
        if (dice < 43) return OpCode.SET_DATA;
        if (dice < 47) return isDeep && random.nextInt(8) > 0 ? OpCode.CREATE : OpCode.SET_ACL;
        if (dice < 54) return OpCode.MULTI;
        if (dice < 57) return OpCode.MULTI_READ;
        if (dice < 61) return OpCode.EXISTS;
        if (dice < 65) return OpCode.GET_DATA;
        if (dice < 68) return OpCode.GET_CHILDREN;
        if (dice < 71) return OpCode.GET_CHILDREN2;
        if (dice < 74) return OpCode.GET_ACL;
        if (dice < 78) return OpCode.ADD_WATCH;
        if (dice < 80) return OpCode.CHECK_WATCHES;
        if (dice < 83) return OpCode.REMOVE_WATCHES;
        if (dice < 85) return OpCode.SET_WATCHES;
        if (dice < 88) return OpCode.SET_WATCHES2;
        if (dice < 90) return OpCode.GET_EPHEMERALS;
        if (dice < 92) return OpCode.GET_ALL_CHILDREN_NUMBER;
        if (dice < 94) return OpCode.WHO_AM_I;
        if (dice < 96) return OpCode.SYNC;
        if (dice < 98) return OpCode.PING;
        return dice < 99 && open && !isEnsemble ? OpCode.DELETE_CONTAINER : OpCode.RECONFIG;
    }

    private void write(int type, Writer w) {
        switch (type) {
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL -> create(type, w);
            case OpCode.DELETE, OpCode.CHECK -> {
                w.writeString(values.path());
                w.writeInt(values.version());
            }
            case OpCode.DELETE_CONTAINER,
                    OpCode.GET_ACL,
                    OpCode.SYNC,
                    OpCode.GET_ALL_CHILDREN_NUMBER,
                    OpCode.GET_EPHEMERALS -> w.writeString(values.path());
            case OpCode.SET_DATA -> {
                String path = values.path();
                w.writeString(path);
                w.writeBuffer(values.data(path));
                w.writeInt(values.version());
            }
            case OpCode.SET_ACL -> {
                String path = values.path();
                w.writeString(path);
                values.acl(w);
                w.writeInt(values.isOwn(path) ? values.version() : 12_345); // what is locked elsewhere stays locked
            }
            case OpCode.EXISTS, OpCode.GET_DATA, OpCode.GET_CHILDREN, OpCode.GET_CHILDREN2 -> {
                w.writeString(values.path());
                w.writeByte((byte) (random.nextInt(30) == 0 ? 2 : random.nextInt(2)));
            }
            case OpCode.ADD_WATCH -> {
                w.writeString(values.path());
                w.writeInt(random.nextInt(20) == 0 ? random.nextInt(6) - 2 : random.nextInt(2));
            }
            case OpCode.CHECK_WATCHES, OpCode.REMOVE_WATCHES -> {
                w.writeString(values.path());
                w.writeInt(random.nextInt(20) == 0 ? random.nextInt(9) - 1 : 1 + random.nextInt(5));
            }
            case OpCode.SET_WATCHES, OpCode.SET_WATCHES2 -> {
                w.writeLong(random.nextInt(60));
                for (int i = type == OpCode.SET_WATCHES ? 3 : 5; i > 0; i--) values.paths(w);
            }
            case OpCode.MULTI, OpCode.MULTI_READ -> multi(type, w);
            case OpCode.RECONFIG -> {
                for (int i = 0; i < 3; i++) w.writeString(values.members());
                w.writeLong(random.nextInt(3) - 1);
            }
            default -> {}
        }
    }

    private void create(int type, Writer w) {
        String path = values.path();
        w.writeString(path);
        w.writeBuffer(values.data(path));
        values.acl(w);
        int flags = values.flags(type, path);
        isLast |= isOther(type) && isEphemeral(flags);
        w.writeInt(flags);
        if (type == OpCode.CREATE_TTL) w.writeLong(values.ttl());
    }

    private void multi(int type, Writer w) {
        int[] kinds = type == OpCode.MULTI_READ
                ? new int[] {OpCode.GET_DATA, OpCode.GET_CHILDREN}
                : new int[] {
                    OpCode.CREATE,
                    OpCode.CREATE,
                    OpCode.CREATE2,
                    OpCode.CREATE_CONTAINER,
                    OpCode.CREATE_TTL,
                    OpCode.DELETE,
                    OpCode.SET_DATA,
                    OpCode.CHECK
                };
        int count = random.nextInt(6);
        for (int i = 0; i < count && !isLast; i++) {
            int kind = random.nextInt(60) == 0 ? values.of(UNKNOWN_TYPES) : kinds[random.nextInt(kinds.length)];
            header(w, kind, random.nextInt(200) == 0, random.nextInt(20) == 0 ? random.nextInt() : -1);
            write(kind, w);
        }
        if (random.nextInt(60) != 0) header(w, -1, true, -1);
    }

    private static void header(Writer w, int type, boolean end, int error) {
        w.writeInt(type);
        w.writeBool(end);
        w.writeInt(error);
    }

    /** A few are cut, longer than they should be, or have a wrong byte. */
    private byte[] damaged(byte[] body) {
        return switch (random.nextInt(120)) {
            case 0 -> Arrays.copyOf(body, random.nextInt(body.length + 1));
            case 1 -> Arrays.copyOf(body, body.length + 1 + random.nextInt(9));
            case 2 -> {
                byte[] other = body.clone();
                if (body.length > 0) other[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
                yield other;
            }
            default -> body;
        };
    }

    private int xid(int type) {
        if (random.nextInt(25) != 0) return ++lastXid;
        int xid = values.of(ODD_XIDS);
        return xid == 0 ? lastXid : xid == -1 && !isPlain(type) ? 0 : xid;
    }

    /** Whether its answer can stand as it is where it cannot be told from an event. */
    private static boolean isPlain(int type) {
        return switch (type) {
            case OpCode.CREATE,
                    OpCode.DELETE,
                    OpCode.SYNC,
                    OpCode.CHECK_WATCHES,
                    OpCode.REMOVE_WATCHES,
                    OpCode.ADD_WATCH -> true;
            default -> false;
        };
    }

    /** A proof of who the client is; wrong ones close the connection. */
    Ask auth() {
        var w = new Writer(32);
        w.writeInt(random.nextInt(10) == 0 ? 1 : 0);
        w.writeString(values.scheme());
        w.writeBuffer(values.proof());
        return new Ask(random.nextInt(10) == 0 ? 5 : -4, OpCode.AUTH, damaged(w.toByteArray()));
    }

    /** A proof that is right, to be among other requests. */
    Ask proof() {
        return Ask.proof(new Request.Auth(0, "digest", RandomValues.BOB));
    }

    /** A request that ends the session or the connection. */
    Ask closing() {
        if (random.nextInt(3) != 0) return new Ask(++lastXid, OpCode.CLOSE_SESSION, new byte[0]);
        var w = new Writer(32);
        w.writeString(values.path());
        w.writeInt(1);
        return new Ask(
                ++lastXid,
                values.of(UNKNOWN_TYPES),
                random.nextBoolean() ? w.toByteArray() : "x".getBytes(StandardCharsets.UTF_8));
    }
}
