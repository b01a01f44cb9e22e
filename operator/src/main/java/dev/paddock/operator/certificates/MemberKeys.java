package dev.paddock.operator.certificates;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The keys by which the members of one cluster know each other, and the authority that signs them, which is the cluster's own. Each key names
 * one member's host, so that no member can pass for another one. A new authority is trusted for a month before it signs again what
 * members have, so that they never meet a certificate that they do not know; all keys are renewed at once, since that restarts the members.
 *
 * @param authorities newest first; those whose certificates members take
 * @param former authorities whose keys are lost; members take their certificates until all have had others for a month
 * @param round counts the renewals
 * @param members by id
 */
public record MemberKeys(
        List<Pair> authorities, List<X509Certificate> former, int round, SortedMap<Integer, Pair> members) {
    /** Key of {@link #trusted} in the Secret, and name of its file. */
    public static final String TRUSTED = "ca.pem";

    static final Duration LIFE = Duration.ofDays(730);
    static final Duration AUTHORITYS_LIFE = Duration.ofDays(3650);
    /** From being trusted to signing. */
    static final Duration SETTLE = Duration.ofDays(30);

    private static final MemberKeys NONE = new MemberKeys(List.of(), List.of(), 0, Collections.emptySortedMap());
    private static final String AUTHORITIES = "authorities.pem";
    private static final String FORMER = "former.pem";
    private static final String ROUND = "round";
    private static final String SUFFIX = ".pem";
    private static final Pattern CERTIFICATES =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\\s*");
    private static final Pattern PAIRS =
            Pattern.compile("(-----BEGIN PRIVATE KEY-----[^-]*-----END PRIVATE KEY-----\\s*)(" + CERTIFICATES + ")");

    public MemberKeys {
        authorities = List.copyOf(authorities);
        former = List.copyOf(former);
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }

    /**
     * What is right now, given what there is; equal to it if nothing is due.
     *
     * @param hosts of the members that there are or will be, by id
     */
    public static MemberKeys step(Optional<MemberKeys> stored, SortedMap<Integer, String> hosts, Instant now) {
        MemberKeys before = stored.orElse(NONE);
        List<Pair> authorities = authorities(before.authorities, now);
        Pair signer = signer(authorities, now);
        boolean isDue = before.members.values().stream()
                .anyMatch(
                        pair -> isAny(before.former, pair) ? isSettled(signer, now) : !isGood(pair, authorities, now));
        SortedMap<Integer, Pair> members = new TreeMap<>(isDue ? Map.of() : before.members);
        hosts.forEach((id, host) -> {
            Pair kept = members.get(id);
            if (kept == null || !names(kept, host))
                members.put(id, Pair.signed(signer, "member " + id, List.of(host), now, LIFE));
        });
        int round = isDue || stored.isEmpty() ? before.round + 1 : before.round;
        return new MemberKeys(authorities, former(before.former, members, now), round, members);
    }

    private static List<Pair> authorities(List<Pair> before, Instant now) {
        List<Pair> all = new ArrayList<>(before);
        all.removeIf(pair -> !now.isBefore(ends(pair.certificate())));
        if (all.isEmpty() || now.isAfter(ends(all.getFirst().certificate()).minus(LIFE.multipliedBy(2))))
            all.addFirst(Pair.authority("paddock-members since " + now, now, AUTHORITYS_LIFE));
        return all;
    }

    /** Those that are in use: some member has a certificate of it, or had one a month ago. */
    private static List<X509Certificate> former(
            List<X509Certificate> before, SortedMap<Integer, Pair> members, Instant now) {
        return before.stream()
                .filter(authority -> now.isBefore(ends(authority)))
                .filter(authority ->
                        members.values().stream().anyMatch(pair -> isSigned(pair, authority) || !isSettled(pair, now)))
                .toList();
    }

    /** The newest that all know by now, or the only one. */
    private static Pair signer(List<Pair> authorities, Instant now) {
        return authorities.stream()
                .filter(pair -> isSettled(pair, now))
                .findFirst()
                .orElseGet(authorities::getLast);
    }

    private static boolean isSettled(Pair pair, Instant now) {
        return now.isAfter(pair.certificate().getNotBefore().toInstant().plus(SETTLE));
    }

    private static boolean isGood(Pair pair, List<Pair> authorities, Instant now) {
        boolean isFresh = now.isBefore(ends(pair.certificate()).minus(LIFE.dividedBy(3)));
        return isFresh && isAny(certificates(authorities), pair);
    }

    private static boolean isAny(List<X509Certificate> authorities, Pair pair) {
        return authorities.stream().anyMatch(authority -> isSigned(pair, authority));
    }

    private static boolean isSigned(Pair pair, X509Certificate authority) {
        try {
            pair.certificate().verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private static boolean names(Pair pair, String host) {
        try {
            var names = pair.certificate().getSubjectAlternativeNames();
            return names != null && names.stream().anyMatch(name -> host.equals(name.get(1)));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static Instant ends(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant();
    }

    private static List<X509Certificate> certificates(List<Pair> pairs) {
        return pairs.stream().map(Pair::certificate).toList();
    }

    /** Whose certificates members take, PEM. */
    String trusted() {
        return ServerKey.pem(certificates(authorities)) + ServerKey.pem(former);
    }

    /** Another word where members that run would have to restart for what is here. */
    public String word() {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest((round + trusted()).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** As data of the Secret that only the operator reads. */
    public Map<String, String> secrets() {
        Map<String, String> data = new TreeMap<>();
        data.put(AUTHORITIES, encoded(authorities.stream().map(MemberKeys::pem).collect(Collectors.joining())));
        if (!former.isEmpty()) data.put(FORMER, encoded(ServerKey.pem(former)));
        data.put(ROUND, encoded(String.valueOf(round)));
        return data;
    }

    /** As data of the Secret of which each member's pod has its own key, and {@link #TRUSTED}. */
    public Map<String, String> files() {
        Map<String, String> data = new TreeMap<>();
        data.put(TRUSTED, encoded(trusted()));
        members.forEach((id, pair) -> data.put(id + SUFFIX, encoded(pem(pair))));
        return data;
    }

    /**
     * What {@link #secrets} and {@link #files} gave; what is damaged is missing. Where no authority is left, those that signed what members have
     * are {@link #former}.
     *
     * @return empty if nothing says whose certificates members take
     */
    public static Optional<MemberKeys> parse(Map<String, String> secrets, Map<String, String> files) {
        List<Pair> authorities = pairs(text(AUTHORITIES, secrets));
        SortedMap<Integer, Pair> members = new TreeMap<>();
        for (String name : files.keySet()) {
            if (!name.matches("[0-9]{1,6}[.]pem")) continue;
            List<Pair> found = pairs(text(name, files));
            if (found.size() == 1)
                members.put(Integer.valueOf(name.substring(0, name.length() - SUFFIX.length())), found.getFirst());
        }
        List<X509Certificate> former = authorities.isEmpty()
                ? certificates(text(TRUSTED, files)).stream()
                        .filter(authority -> members.values().stream().anyMatch(pair -> isSigned(pair, authority)))
                        .toList()
                : certificates(text(FORMER, secrets));
        if (authorities.isEmpty() && former.isEmpty()) return Optional.empty();
        String round = text(ROUND, secrets);
        return Optional.of(new MemberKeys(
                authorities, former, round.matches("[0-9]{1,9}") ? Integer.parseInt(round) : 0, members));
    }

    private static List<Pair> pairs(String pem) {
        try {
            List<Pair> pairs = new ArrayList<>();
            Matcher block = PAIRS.matcher(pem);
            while (block.find()) pairs.add(Pair.parse(block.group(2), block.group(1)));
            return pairs;
        } catch (GeneralSecurityException damaged) {
            return List.of();
        }
    }

    private static List<X509Certificate> certificates(String pem) {
        try {
            List<X509Certificate> all = new ArrayList<>();
            Matcher block = CERTIFICATES.matcher(pem);
            while (block.find()) all.add(Pair.parse(block.group()));
            return all;
        } catch (GeneralSecurityException damaged) {
            return List.of();
        }
    }

    private static String pem(Pair pair) {
        return pair.keyPem() + Pair.pem(pair.certificate());
    }

    private static String text(String name, Map<String, String> data) {
        try {
            return new String(Base64.getMimeDecoder().decode(data.getOrDefault(name, "")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException damaged) {
            return "";
        }
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
