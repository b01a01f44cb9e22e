package dev.paddock.operator.ensemble;

import dev.paddock.crds.Engine;
import dev.paddock.operator.certificates.KeyFiles;
import dev.paddock.operator.certificates.MemberKeys;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;

/** The volumes of a member's pod, and where its containers have them. The claim of {@link #DATA} is the StatefulSet's. */
final class Volumes {
    static final String DATA = "data";
    static final String MEMBER_KEYS = "member-keys";
    private static final String CONFIG = "config";
    private static final String SECRET = "secret";
    private static final String KEYS = "keys";

    private static final String TMP = "tmp";
    private static final String LOGS = "logs";

    private Volumes() {}

    static List<Volume> of(Blueprint blueprint) {
        List<Volume> volumes = new ArrayList<>(List.of(
                new VolumeBuilder()
                        .withName(CONFIG)
                        .withNewConfigMap()
                        .withName(blueprint.configMapName())
                        .endConfigMap()
                        .build(),
                new VolumeBuilder()
                        .withName(SECRET)
                        .withNewSecret()
                        .withSecretName(blueprint.secretName())
                        .addNewItem()
                        .withKey("superDigest") // the password is for the operator alone
                        .withPath("superDigest")
                        .endItem()
                        .endSecret()
                        .build(),
                scratch(TMP)));
        if (blueprint.tls().isPresent()) volumes.add(keys(blueprint));
        if (blueprint.hasMemberKeys()) {
            volumes.add(new VolumeBuilder()
                    .withName(MEMBER_KEYS)
                    .withNewSecret()
                    .withSecretName(Blueprint.memberKeysName(blueprint.name()))
                    .withDefaultMode(0440)
                    .endSecret()
                    .build());
        }
        if (blueprint.spec().engine() == Engine.ZOOKEEPER) volumes.add(scratch(LOGS));
        return volumes;
    }

    /** A volume of the kubelet's, so that what changes in the Secret comes to servers that run. The operator's own key stays out of it. */
    private static Volume keys(Blueprint blueprint) {
        return new VolumeBuilder()
                .withName(KEYS)
                .withNewSecret()
                .withSecretName(blueprint.keysName())
                .withDefaultMode(0440)
                .addNewItem()
                .withKey(KeyFiles.SERVER)
                .withPath(KeyFiles.SERVER)
                .endItem()
                .addNewItem()
                .withKey(KeyFiles.CLIENTS)
                .withPath(KeyFiles.CLIENTS)
                .endItem()
                .endSecret()
                .build();
    }

    static List<VolumeMount> ofPreparation() {
        return List.of(
                mount(DATA, Preparation.DATA),
                readOnly(mount(CONFIG, Preparation.CONFIG)),
                readOnly(mount(SECRET, Preparation.SECRET)),
                mount(TMP, "/tmp"));
    }

    /** ZooKeeper's image makes a {@code /conf/zoo.cfg} of its own where there is none, and cannot write it here. */
    static List<VolumeMount> ofServer(Blueprint blueprint) {
        List<VolumeMount> mounts = new ArrayList<>(List.of(mount(DATA, Preparation.DATA), mount(TMP, "/tmp")));
        if (blueprint.tls().isPresent()) mounts.add(readOnly(mount(KEYS, ZooCfg.KEYS)));
        if (blueprint.hasMemberKeys()) { // of all members' keys its own alone
            mounts.add(new VolumeMountBuilder(readOnly(mount(MEMBER_KEYS, ZooCfg.MEMBER_KEYS + "/" + ZooCfg.OWN_KEY)))
                    .withSubPathExpr("$(" + ServerPod.MEMBER + ").pem")
                    .build());
            mounts.add(
                    new VolumeMountBuilder(readOnly(mount(MEMBER_KEYS, ZooCfg.MEMBER_KEYS + "/" + MemberKeys.TRUSTED)))
                            .withSubPath(MemberKeys.TRUSTED)
                            .build());
        }
        if (blueprint.spec().engine() == Engine.ZOOKEEPER) {
            mounts.add(new VolumeMountBuilder(readOnly(mount(CONFIG, "/conf/zoo.cfg")))
                    .withSubPath("zoo.cfg")
                    .build());
            mounts.add(mount(LOGS, "/logs"));
        }
        return mounts;
    }

    private static Volume scratch(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withSizeLimit(new Quantity("64Mi"))
                .endEmptyDir()
                .build();
    }

    private static VolumeMount mount(String volume, String path) {
        return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
    }

    private static VolumeMount readOnly(VolumeMount mount) {
        return new VolumeMountBuilder(mount).withReadOnly(true).build();
    }
}
