package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.crds.Tls;
import dev.paddock.operator.certificates.KeyFiles;
import dev.paddock.operator.certificates.ServerKey;
import dev.paddock.operator.ensemble.Blueprint;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.Optional;

/**
 * What TLS clients of one cluster meet. The Secret that the spec names is looked at afresh in each run; what is right in it is copied into
 * one of Paddock's own, which the servers have. So what is missing or wrong there changes nothing about a cluster that works.
 *
 * @param asked by the spec
 * @param files that servers have, or will have; empty before there were any
 * @param isReady whether the Secret is as it has to be, or none is asked for
 * @param reason of the condition
 * @param message of the condition
 */
record Certificates(
        Optional<Tls.ClientTls> asked, Optional<KeyFiles> files, boolean isReady, String reason, String message) {

    /** What the Secret holds, if it is right, and how that is told. */
    private record Source(Optional<ServerKey> key, String reason, String message) {}

    /**
     * Looks.
     *
     * @param follows whether Paddock's own Secret is written where it differs
     */
    static Certificates of(CoordinationCluster cluster, KubernetesClient client, Instant now, boolean follows) {
        Optional<Tls.ClientTls> asked = cluster.getSpec().tls().askedClient();
        String keys = Blueprint.keysName(cluster.getMetadata().getName());
        Optional<Secret> kept = OwnedSecret.read(keys, cluster, client);
        boolean isOurs = kept.isEmpty() || OwnedSecret.isOwned(kept.get(), cluster);
        Optional<KeyFiles> before =
                kept.filter(secret -> isOurs).map(OwnedSecret::data).flatMap(KeyFiles::parse);
        if (asked.isEmpty()) return new Certificates(asked, before, true, "NotUsed", "clients are served without TLS");
        if (!isOurs) return new Certificates(asked, before, false, "SecretTaken", "Secret " + keys + OwnedSecret.TAKEN);
        Source source = source(cluster, asked.get(), client, now);
        Optional<KeyFiles> files =
                source.key().map(key -> KeyFiles.of(key, before, now)).or(() -> before);
        boolean differs = files.isPresent() && !kept.map(OwnedSecret::data).equals(files.map(KeyFiles::data));
        if (follows && differs) OwnedSecret.write(keys, files.get().data(), kept, cluster, client);
        return new Certificates(asked, files, source.key().isPresent(), source.reason(), source.message());
    }

    private static Source source(
            CoordinationCluster cluster, Tls.ClientTls asked, KubernetesClient client, Instant now) {
        String name = "Secret " + asked.secretName();
        Optional<Secret> secret = OwnedSecret.read(asked.secretName(), cluster, client);
        if (secret.isEmpty())
            return new Source(
                    Optional.empty(),
                    "SecretMissing",
                    name
                            + " is not there; make it in this namespace, of type kubernetes.io/tls with tls.crt and tls.key,"
                            + " and ca.crt, whom clients trust");
        try {
            ServerKey key = ServerKey.of(OwnedSecret.data(secret.get()), asked.verify() != Tls.Verify.NONE, now);
            String host = Blueprint.clientHost(
                    cluster.getMetadata().getName(), cluster.getMetadata().getNamespace());
            String lacks = key.names(host)
                    ? ""
                    : "; it does not name " + host + ", by which clients in this Kubernetes would know the servers";
            return new Source(Optional.of(key), "Valid", "the certificate is valid until " + key.until() + lacks);
        } catch (ServerKey.Unusable unusable) {
            return new Source(Optional.empty(), unusable.reason(), name + ": " + unusable.getMessage());
        }
    }

    /** Whether servers can serve TLS. */
    boolean canServe() {
        return files.isPresent();
    }
}
