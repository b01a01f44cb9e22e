package dev.paddock.operator.injection;

import dev.paddock.operator.certificates.Pair;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the replicas serve with, and what the API server is told to trust. One certificate follows another in two steps, an hour
 * apart: first the next one is trusted, then it is served; the one before stays trusted until it ends. So a replica, or an API
 * server, may be behind by a step and is still understood.
 *
 * @param current served now
 * @param next trusted already, served soon
 * @param trusted newest first, {@code next} and {@code current} among them
 */
record Credentials(Pair current, Optional<Pair> next, List<X509Certificate> trusted) {
    static final Duration LIFE = Duration.ofDays(90);
    /** Of what is left of the current one, when the next one is made. */
    static final Duration AHEAD = Duration.ofDays(30);
    /** From being trusted to being served. */
    static final Duration SETTLE = Duration.ofHours(1);

    private static final int TRUSTED_MAX = 4;

    Credentials {
        trusted = List.copyOf(trusted);
    }

    /** What is right now, given what there is; equal to it if nothing is due. */
    static Credentials step(Optional<Credentials> stored, Collection<String> hosts, Instant now) {
        List<String> names = List.copyOf(new TreeSet<>(hosts));
        if (stored.isEmpty()) {
            Pair first = Pair.create("paddock-webhook", names, now, LIFE);
            return new Credentials(first, Optional.empty(), List.of(first.certificate()));
        }
        Credentials before = stored.get();
        if (!serves(before.current(), names, now)) {
            Pair fresh = before.next()
                    .filter(next -> serves(next, names, now))
                    .orElseGet(() -> Pair.create("paddock-webhook", names, now, LIFE));
            return new Credentials(fresh, Optional.empty(), with(fresh, before.trusted(), now));
        }
        if (before.next().isPresent()) {
            Instant madeAt = ends(before.next().get()).minus(LIFE);
            if (now.isBefore(madeAt.plus(SETTLE))) return before;
            return new Credentials(before.next().get(), Optional.empty(), before.trusted());
        }
        if (now.isBefore(ends(before.current()).minus(AHEAD))) return before;
        Pair next = Pair.create("paddock-webhook", names, now, LIFE);
        return new Credentials(before.current(), Optional.of(next), with(next, before.trusted(), now));
    }

    private static Instant ends(Pair pair) {
        return pair.certificate().getNotAfter().toInstant();
    }

    private static boolean serves(Pair pair, List<String> hosts, Instant now) {
        try {
            Collection<List<?>> names = pair.certificate().getSubjectAlternativeNames();
            return now.isBefore(ends(pair))
                    && names != null
                    && names.stream()
                            .map(name -> String.valueOf(name.get(1)))
                            .sorted()
                            .toList()
                            .equals(hosts);
        } catch (CertificateParsingException e) { // as if it were for another host
            return false;
        }
    }

    private static List<X509Certificate> with(Pair fresh, SequencedCollection<X509Certificate> others, Instant now) {
        List<X509Certificate> trusted = new ArrayList<>(List.of(fresh.certificate()));
        for (X509Certificate other : others) {
            boolean alive = now.isBefore(other.getNotAfter().toInstant());
            if (alive && !trusted.contains(other) && trusted.size() < TRUSTED_MAX) trusted.add(other);
        }
        return trusted;
    }

    /** As a Secret holds them. */
    Map<String, String> files() {
        Map<String, String> files = new TreeMap<>();
        files.put("tls.crt", Pair.pem(current.certificate()));
        files.put("tls.key", current.keyPem());
        next.ifPresent(pair -> {
            files.put("next.crt", Pair.pem(pair.certificate()));
            files.put("next.key", pair.keyPem());
        });
        files.put("ca.crt", bundle());
        return files;
    }

    /** What the API server is to trust, as PEM. */
    String bundle() {
        return trusted.stream().map(Pair::pem).collect(Collectors.joining());
    }

    /** Empty if they are not whole; then they are made anew. */
    static Optional<Credentials> parse(Map<String, String> files) {
        try {
            Map<String, String> all = new HashMap<>(files);
            if (!all.keySet().containsAll(List.of("tls.crt", "tls.key", "ca.crt"))) return Optional.empty();
            Optional<Pair> next = all.containsKey("next.crt") && all.containsKey("next.key")
                    ? Optional.of(Pair.parse(all.get("next.crt"), all.get("next.key")))
                    : Optional.empty();
            List<X509Certificate> trusted = new ArrayList<>();
            for (String pem : all.get("ca.crt").split("(?<=-----END CERTIFICATE-----)", -1)) {
                if (!pem.isBlank()) trusted.add(Pair.parse(pem));
            }
            return Optional.of(new Credentials(Pair.parse(all.get("tls.crt"), all.get("tls.key")), next, trusted));
        } catch (GeneralSecurityException damaged) { // by hand
            return Optional.empty();
        }
    }
}
