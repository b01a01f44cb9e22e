package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A StatefulSet gets fewer pods only as the one object, in the one state, of which it was found just before that they may go. */
final class ShrinkTest {
    private final Lab lab = Lab.applying();

    @BeforeEach
    void anEnsembleOfThree() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void eachCutNamesTheObjectAndItsState() {
        lab.scale(1);
        lab.awaitReady(1);
        assertThat(lab.statefulSet().get().getSpec().getReplicas()).isEqualTo(1);
        assertThat(lab.applied().cuts()).contains("done").noneMatch(cut -> cut.contains("unnamed"));
    }

    @Test
    void ofAStateThatIsNoMoreNothingIsCutAndItIsLookedAtAgain() {
        lab.applied()
                .meanwhile(() -> lab.statefulSet()
                        .edit(set -> new StatefulSetBuilder(set)
                                .editMetadata()
                                .addToAnnotations("seen", "no")
                                .endMetadata()
                                .build()));
        lab.scale(1);
        lab.awaitReady(1);
        assertThat(lab.applied().cuts()).startsWith("refused 409").endsWith("done");
    }

    @Test
    void anotherStatefulSetOfTheNameIsLookedAtAnew() {
        String before = lab.statefulSet().get().getMetadata().getUid();
        lab.applied().meanwhile(this::makeAnew);
        lab.scale(1);
        lab.awaitReady(1);
        assertThat(lab.statefulSet().get().getMetadata().getUid()).isNotEqualTo(before);
        assertThat(lab.applied().cuts())
                .startsWith("refused 409")
                .endsWith("done")
                .noneMatch(cut -> cut.contains("unnamed"));
    }

    private void makeAnew() {
        StatefulSet set = lab.statefulSet().get();
        lab.statefulSet().delete();
        lab.client()
                .resource(new StatefulSetBuilder(set)
                        .editMetadata()
                        .withUid(null)
                        .withResourceVersion(null)
                        .endMetadata()
                        .withStatus(null)
                        .build())
                .create();
    }

    /** Nobody is there who knows who the members are. */
    @Test
    void whereNobodyLeadsNoPodGoesWhateverTheConfigMapSays() {
        lab.node().bearWithOutages();
        lab.node().fall(2);
        lab.node().fall(3);
        lab.await("Reconciling", "members 1, 2, 3 are not serving yet");
        lab.client()
                .configMaps()
                .inNamespace(Lab.NAMESPACE)
                .withName("demo-config")
                .edit(config -> {
                    String members = config.getData().get("members");
                    config.getData().put("members", members.lines().findFirst().orElseThrow() + "\nversion=0\n");
                    config.getData().put("pods", "1");
                    return config;
                });
        lab.letItLook();
        assertThat(lab.statefulSet().get().getSpec().getReplicas()).isEqualTo(3);
        assertThat(lab.node().broken()).isEmpty();
    }

    @Test
    void allGoWhereNoneIsWanted() {
        lab.scale(0);
        lab.await("Ready", "0 of 3 voters serve");
        assertThat(lab.statefulSet().get().getSpec().getReplicas()).isZero();
        assertThat(lab.applied().cuts()).contains("done").noneMatch(cut -> cut.contains("unnamed"));
    }
}
