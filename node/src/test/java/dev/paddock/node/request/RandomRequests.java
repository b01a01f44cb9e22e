package dev.paddock.node.request;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Requests over few paths, so that every refusal and every success comes up. */
final class RandomRequests {
    private static final List<String> ODD_PATHS = List.of(
            "",
            "/",
            "//",
            "a",
            "/a/",
            "/a//b",
            "/.",
            "/a/..",
            "/a/./b",
            "/a/../b",
            "/...",
            "/a\0b",
            "/\u0001",
            "/\u007f",
            "/\u009f",
            "/\u00a0",
            "/\ud834\udd1e",
            "/\ue000",
            "/\uf8ff",
            "/\uf900",
            "/\ufff0",
            "/ä€",
            "/zookeeper",
            "/zookeeper/config",
            "/zookeeper/quota",
            "/zookeeper/x",
            "/missing/x",
            "/a/.x",
            "/a/x.");

    private static final List<Id> IDS = List.of(
            Id.ANYONE,
            new Id("world", "nobody"),
            new Id("auth", ""),
            new Id("auth", "anything"),
            new Id("digest", "bob:hash"),
            new Id("digest", "bob"),
            new Id("digest", "bob:"),
            new Id("digest", ":hash"),
            new Id("digest", "a:b:c"),
            new Id("ip", "127.0.0.1"),
            new Id("ip", "127.0.0.0/8"),
            new Id("ip", "127.0.0.2/31"),
            new Id("ip", "10.0.0.0/33"),
            new Id("ip", "10.0.0"),
            new Id("ip", "::1"),
            new Id("ip", "2001:db8::/32"),
            new Id("ip", "1:2:3:4:5:6:7:8:9"),
            new Id("sasl", "bob"),
            new Id("nonsense", "x"),
            new Id("", ""));

    private final SplittableRandom random;
    private final List<Id> proofs;

    /** {@code proofs} are ids that the clients have proved, to be found in ACLs often. */
    RandomRequests(long seed, List<Id> proofs) {
        this.random = new SplittableRandom(seed);
        this.proofs = proofs;
    }

    int number(int bound) {
        return random.nextInt(bound);
    }

    Request next() {
        return switch (random.nextInt(18)) {
            case 0 -> new Request.Exists(path(), false);
            case 1 -> new Request.GetData(path(), false);
            case 2 -> new Request.GetAcl(path());
            case 3 -> new Request.GetChildren(path(), false);
            case 4 -> new Request.GetChildren2(path(), false);
            case 5 -> random.nextInt(3) == 0 ? new Request.WhoAmI() : new Request.GetEphemerals(prefix());
            case 6 -> new Request.GetAllChildrenNumber(path());
            case 7 -> new Request.MultiRead(many(() -> readOp()));
            case 8 -> new Request.SetAcl(path(), acl(), version());
            case 9, 10 -> new Request.Multi(many(() -> writeOp()));
            case 11 -> random.nextInt(4) == 0 ? new Request.Reconfig("x", null, null, -1) : writeOp();
            default -> writeOp();
        };
    }

    private <T> List<T> many(java.util.function.Supplier<T> one) {
        return Stream.generate(one).limit(random.nextInt(5)).toList();
    }

    private Request.ReadOp readOp() {
        return random.nextBoolean() ? new Request.GetData(path(), false) : new Request.GetChildren(path(), false);
    }

    private Request.WriteOp writeOp() {
        return switch (random.nextInt(11)) {
            case 0, 1, 2 -> new Request.Create(path(), data(), acl(), flags());
            case 3 -> new Request.Create2(path(), data(), acl(), flags());
            case 4 -> new Request.CreateContainer(path(), data(), acl(), 4);
            case 5 -> new Request.CreateTtl(path(), data(), acl(), 5 + random.nextInt(2), 1000);
            case 6, 7 -> new Request.Delete(path(), version());
            case 8 -> new Request.Check(path(), version());
            default -> new Request.SetData(path(), data(), version());
        };
    }

    private int flags() {
        return random.nextInt(4) > 0 ? random.nextInt(4) : random.nextInt(-1, 8);
    }

    private int version() {
        return random.nextBoolean() ? -1 : random.nextInt(-2, 4);
    }

    private String path() {
        if (random.nextInt(6) == 0) return ODD_PATHS.get(random.nextInt(ODD_PATHS.size()));
        var path = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) path.append('/').append((char) ('a' + random.nextInt(3)));
        return path.toString();
    }

    private String prefix() {
        return random.nextInt(4) == 0 ? List.of(" ", "/", " / ", "/b/").get(random.nextInt(4)) : path();
    }

    private List<Acl> acl() {
        if (random.nextInt(3) > 0) return Acl.OPEN_UNSAFE;
        var acl = new ArrayList<Acl>();
        for (int i = random.nextInt(4); i > 0; i--) {
            boolean proved = random.nextBoolean();
            Id id = proved ? proofs.get(random.nextInt(proofs.size())) : IDS.get(random.nextInt(IDS.size()));
            acl.add(new Acl(random.nextBoolean() ? 31 : random.nextInt(32), id));
        }
        return acl;
    }

    private byte[] data() {
        return random.nextInt(5) == 0 ? null : ("data" + random.nextInt(9)).getBytes(StandardCharsets.UTF_8);
    }
}
