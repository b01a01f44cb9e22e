package dev.paddock.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Gives every claim of the default StorageClass a volume: a folder of this machine. A volume goes when its claim does; its
 * files stay until the lab ends, in a folder named by the claim's UID, so no other claim sees them. What claims ask for later
 * they get. Events come on the client's own thread.
 */
final class Volumes implements AutoCloseable {
    private static final String CLASS = "standard";

    private final KubernetesClient client;
    private final Path folder;
    private final SharedIndexInformer<PersistentVolumeClaim> claims;

    private Volumes(KubernetesClient client, Path folder) {
        this.client = client;
        this.folder = folder;
        this.claims = client.persistentVolumeClaims().inAnyNamespace().inform(new Provisioning());
    }

    static Volumes start(KubernetesClient client, Path folder) throws IOException {
        Files.createDirectories(folder);
        client.resource(new StorageClassBuilder()
                        .withNewMetadata()
                        .withName(CLASS)
                        .withAnnotations(Map.of("storageclass.kubernetes.io/is-default-class", "true"))
                        .endMetadata()
                        .withProvisioner("paddock.dev/lab")
                        .withVolumeBindingMode("Immediate")
                        .withReclaimPolicy("Delete")
                        .withAllowVolumeExpansion(true)
                        .build())
                .create();
        return new Volumes(client, folder);
    }

    private final class Provisioning implements ResourceEventHandler<PersistentVolumeClaim> {
        @Override
        public void onAdd(PersistentVolumeClaim claim) {
            boolean isOurs = CLASS.equals(claim.getSpec().getStorageClassName());
            if (isOurs && claim.getSpec().getVolumeName() == null) provision(claim);
        }

        @Override
        public void onUpdate(PersistentVolumeClaim before, PersistentVolumeClaim after) {
            if (before.getSpec().getStorageClassName() == null) onAdd(after);
            Quantity had = before.getSpec().getResources().getRequests().get("storage");
            Quantity asked = after.getSpec().getResources().getRequests().get("storage");
            if (!asked.equals(had)) grow(after, asked);
        }

        @Override
        public void onDelete(PersistentVolumeClaim claim, boolean isFinalStateUnknown) {
            client.persistentVolumes().withName(name(claim)).delete();
        }
    }

    private static String name(PersistentVolumeClaim claim) {
        return "lab-" + claim.getMetadata().getUid();
    }

    private void provision(PersistentVolumeClaim claim) {
        Path path = folder.resolve(claim.getMetadata().getUid());
        try {
            Files.createDirectories(path);
            // No fsGroup is applied to folders of the machine.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException e) {
            throw new UncheckedIOException(path.toString(), e);
        }
        client.resource(volume(claim, path)).serverSideApply();
    }

    /** Folders have the size of the machine's disk already: they only say another one. */
    private void grow(PersistentVolumeClaim claim, Quantity size) {
        client.persistentVolumes()
                .withName(name(claim))
                .edit(volume -> new PersistentVolumeBuilder(volume)
                        .editSpec()
                        .addToCapacity("storage", size)
                        .endSpec()
                        .build());
        client.resource(claim)
                .editStatus(bound -> new PersistentVolumeClaimBuilder(bound)
                        .editStatus()
                        .addToCapacity("storage", size)
                        .endStatus()
                        .build());
    }

    private static PersistentVolume volume(PersistentVolumeClaim claim, Path path) {
        return new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(name(claim))
                .endMetadata()
                .withNewSpec()
                .withStorageClassName(CLASS)
                .withAccessModes(claim.getSpec().getAccessModes())
                .withCapacity(claim.getSpec().getResources().getRequests())
                .withPersistentVolumeReclaimPolicy("Retain")
                .withNewHostPath()
                .withPath(path.toString())
                .endHostPath()
                .withNewClaimRef()
                .withApiVersion("v1")
                .withKind("PersistentVolumeClaim")
                .withNamespace(claim.getMetadata().getNamespace())
                .withName(claim.getMetadata().getName())
                .withUid(claim.getMetadata().getUid())
                .endClaimRef()
                .endSpec()
                .build();
    }

    @Override
    public void close() {
        claims.close();
        client.close();
    }
}
