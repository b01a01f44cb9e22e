package dev.paddock.node.request;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what, by the schemes of Apache ZooKeeper 3.9: {@code world}, {@code auth}, {@code digest}, {@code ip}, and
 * {@code sasl} and {@code x509} where they are configured; an id of scheme {@code super} may do everything. Schemes we do
 * not know grant nothing. Immutable.
 */
public final class AclRules {
    /**
     * Entries of an ACL that a client may set. Apache ZooKeeper has no such bound, so histories and snapshots may hold
     * more; but every access to the znode goes through them.
     */
    static final int ENTRIES_MAX = 1_000;

    private static final Pattern HASH = Pattern.compile(":.*");

    private final Schemes schemes;

    public AclRules(Schemes schemes) {
        this.schemes = schemes;
    }

    /** Those of a server without any configuration. */
    public static AclRules byDefault() {
        return new AclRules(Schemes.DEFAULT);
    }

    /**
     * Whether somebody may do something.
     *
     * @param perm bits of {@code Perms}, of which one granted is enough
     * @param ids  what the client has proved to be; {@code ip} with its address among them
     */
    public boolean permits(List<Acl> acl, int perm, List<Id> ids) {
        if (acl.isEmpty() || schemes.skipAcl()) return true;
        for (Acl entry : acl)
            if (grants(entry, perm, "world") && entry.id().id().equals("anyone")) return true;
        for (Id id : ids) if (id.scheme().equals("super")) return true;
        for (Id id : ids) if (permits(acl, perm, id)) return true;
        return false;
    }

    private boolean permits(List<Acl> acl, int perm, Id id) {
        String scheme = id.scheme();
        if (!schemes.knows(scheme)) return false;
        if (scheme.equals("ip")) return permitsAddress(acl, perm, IpRange.address(id.id()));
        for (Acl entry : acl) {
            if (grants(entry, perm, scheme)
                    && matches(scheme, id.id(), entry.id().id())) return true;
        }
        return false;
    }

    private boolean matches(String scheme, String id, String entry) {
        return switch (scheme) {
            case "digest" -> isSame(id, entry);
            case "sasl" ->
                isSame(id, entry)
                        || id.equals("super")
                        || schemes.anySaslUserDoes().filter(entry::equals).isPresent();
            case "x509" ->
                isSame(id, entry) || schemes.x509SuperUser().filter(id::equals).isPresent();
            default -> false; // who is of the right ensemble has proved no more than that
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
     * has proved to be. Null if it is no legal ACL: none, empty, too long, an unknown scheme, an id of the wrong form, or
     * {@code auth} by a client that has proved nothing.
     *
     * @throws WireException if it has a null where Apache ZooKeeper looks no further
     */
    @Nullable
    List<Acl> resolved(@Nullable List<Acl> asked, List<Id> ids) {
        if (Acl.OPEN_UNSAFE.equals(asked)) return Acl.OPEN_UNSAFE;
        if (asked == null || asked.isEmpty() || asked.size() > ENTRIES_MAX) return null;
        var resolved = new ArrayList<Acl>(asked.size());
        for (Acl entry : unique(asked)) {
            if (entry.id().scheme() == null) return null;
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

    /** A null makes Apache stumble only once it compares it. */
    private static List<Acl> unique(List<Acl> asked) {
        var unique = new ArrayList<Acl>(asked.size());
        for (Acl entry : asked) if (!isIn(unique, entry)) unique.add(entry);
        return unique;
    }

    private static boolean isIn(List<Acl> list, Acl entry) {
        for (Acl each : list) {
            if (entry.perms() != each.perms()) continue;
            if (entry.id().scheme() == null) throw new WireException("acl.scheme: null");
            if (!entry.id().scheme().equals(each.id().scheme())) continue;
            if (entry.id().id() == null) throw new WireException("acl.id: null");
            if (entry.id().id().equals(each.id().id())) return true;
        }
        return false;
    }

    /** An address is no proof: it says where somebody is, not who. */
    private boolean isProof(Id id) {
        return switch (id.scheme()) {
            case "digest", "sasl", "x509" -> schemes.knows(id.scheme());
            default -> false;
        };
    }

    private boolean isLegal(Id id) {
        String scheme = id.scheme();
        boolean isWorld = scheme.equals("world");
        if (id.id() == null && (isWorld || schemes.knows(scheme))) throw new WireException("acl.id: null");
        if (isWorld) return id.id().equals("anyone");
        return schemes.knows(scheme)
                && switch (scheme) {
                    case "digest" -> isUserAndHash(id.id());
                    case "ip" -> IpRange.parse(id.id()) != null;
                    case "sasl" -> isKerberosName(id.id());
                    case "x509" -> isDistinguishedName(id.id());
                    default -> false;
                };
    }

    /** Two parts; like Apache, which splits the text and so does not see colons at its end. */
    private static boolean isUserAndHash(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ':') end--;
        int colon = text.indexOf(':');
        return colon >= 0 && colon < end && text.indexOf(':', colon + 1, end) < 0;
    }

    /** {@code service}, {@code service@REALM} or {@code service/host@REALM}; what has no realm may be anything. */
    private static boolean isKerberosName(String text) {
        int at = text.indexOf('@');
        if (at < 0) return true;
        int slash = text.indexOf('/');
        boolean isPlainRealm = text.indexOf('@', at + 1) < 0 && text.indexOf('/', at) < 0;
        return isPlainRealm && (slash < 0 || text.indexOf('/', slash + 1) < 0);
    }

    private static boolean isDistinguishedName(String text) {
        try {
            return new X500Principal(text).getName() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The ACL as shown to a client that may not change it: the hashes of digests are {@code x}. */
    static List<Acl> redacted(List<Acl> acl) {
        return acl.stream().map(AclRules::redacted).toList();
    }

    private static Acl redacted(Acl entry) {
        Id id = entry.id();
        if (!id.scheme().equals("digest")) return entry;
        return new Acl(entry.perms(), new Id("digest", HASH.matcher(id.id()).replaceAll(":x")));
    }

    /** The user of an id, as Apache tells a client who it is: the part before the hash of a digest, else all of it. */
    String user(Id id) {
        if (!schemes.knows(id.scheme())) return "";
        int colon = id.scheme().equals("digest") ? id.id().indexOf(':') : -1;
        return colon < 0 ? id.id() : id.id().substring(0, colon);
    }
}
