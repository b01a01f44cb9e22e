package dev.paddock.node.request;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what, by the schemes that Apache ZooKeeper 3.9 knows without plug-ins: {@code world}, {@code auth},
 * {@code digest}, {@code ip}; an id of scheme {@code super} may do everything. Schemes we do not know grant nothing.
 */
public final class AclRules {
    /**
     * Entries of an ACL that a client may set. Apache ZooKeeper has no such bound, so histories and snapshots may hold
     * more; but every access to the znode goes through them.
     */
    static final int ENTRIES_MAX = 1_000;

    private AclRules() {}

    /**
     * Whether somebody may do something.
     *
     * @param perm bits of {@code Perms}, of which one granted is enough
     * @param ids  what the client has proved to be; {@code ip} with its address among them
     */
    public static boolean permits(List<Acl> acl, int perm, List<Id> ids) {
        if (acl.isEmpty()) return true;
        for (Acl entry : acl)
            if (grants(entry, perm, "world") && entry.id().id().equals("anyone")) return true;
        for (Id id : ids) if (id.scheme().equals("super")) return true;
        for (Id id : ids) if (permits(acl, perm, id)) return true;
        return false;
    }

    private static boolean permits(List<Acl> acl, int perm, Id id) {
        return switch (id.scheme()) {
            case "digest" -> {
                for (Acl entry : acl) {
                    if (grants(entry, perm, "digest")
                            && isSame(id.id(), entry.id().id())) yield true;
                }
                yield false;
            }
            case "ip" -> permitsAddress(acl, perm, IpRange.address(id.id()));
            default -> false;
        };
    }

    private static boolean permitsAddress(List<Acl> acl, int perm, byte @Nullable [] address) {
        if (address == null) return false;
        for (Acl entry : acl) {
            IpRange range = grants(entry, perm, "ip") ? IpRange.parse(entry.id().id()) : null;
            if (range != null && range.contains(address)) return true;
        }
        return false;
    }

    private static boolean grants(Acl entry, int perm, String scheme) {
        return (entry.perms() & perm) != 0 && entry.id().scheme().equals(scheme);
    }

    /** Takes the same time wherever the two differ. */
    private static boolean isSame(String a, String b) {
        if (a.length() != b.length()) return false;
        int different = 0;
        for (int i = 0; i < a.length(); i++) different |= a.charAt(i) ^ b.charAt(i);
        return different == 0;
    }

    /**
     * The ACL that a client gets for the one it asks for: duplicates taken out, {@code auth} replaced by what the client
     * has proved to be. Null if it is no legal ACL: empty, too long, an unknown scheme, an id of the wrong form, or {@code auth} by
     * a client that has proved nothing.
     */
    static @Nullable List<Acl> resolved(List<Acl> asked, List<Id> ids) {
        if (asked.equals(Acl.OPEN_UNSAFE)) return Acl.OPEN_UNSAFE;
        if (asked.isEmpty() || asked.size() > ENTRIES_MAX) return null;
        var resolved = new ArrayList<Acl>(asked.size());
        for (Acl entry : new LinkedHashSet<>(asked)) {
            if (entry.id().scheme().equals("auth")) {
                int before = resolved.size();
                for (Id id : ids) if (isProof(id)) resolved.add(new Acl(entry.perms(), id));
                if (resolved.size() == before || resolved.size() > ENTRIES_MAX) return null;
            } else if (isLegal(entry.id())) {
                resolved.add(entry);
            } else {
                return null;
            }
        }
        return resolved.size() > ENTRIES_MAX ? null : List.copyOf(resolved);
    }

    /** An address is no proof: it says where somebody is, not who. */
    private static boolean isProof(Id id) {
        return id.scheme().equals("digest");
    }

    private static boolean isLegal(Id id) {
        return switch (id.scheme()) {
            case "world" -> id.id().equals("anyone");
            case "digest" -> isUserAndHash(id.id());
            case "ip" -> IpRange.parse(id.id()) != null;
            default -> false;
        };
    }

    private static boolean isUserAndHash(String text) {
        int colon = text.indexOf(':');
        return colon >= 0 && colon == text.lastIndexOf(':') && colon < text.length() - 1;
    }

    /** The ACL as shown to a client that may not change it: the hashes of digests are {@code x}. */
    static List<Acl> redacted(List<Acl> acl) {
        return acl.stream().map(AclRules::redacted).toList();
    }

    private static Acl redacted(Acl entry) {
        Id id = entry.id();
        if (!id.scheme().equals("digest")) return entry;
        return new Acl(entry.perms(), new Id("digest", user(id) + ":x"));
    }

    /** The user of an id, as Apache tells a client who it is: the part before the hash of a digest, else all of it. */
    static String user(Id id) {
        return switch (id.scheme()) {
            case "digest" -> {
                int colon = id.id().indexOf(':');
                yield colon < 0 ? id.id() : id.id().substring(0, colon);
            }
            case "ip" -> id.id();
            default -> "";
        };
    }
}
