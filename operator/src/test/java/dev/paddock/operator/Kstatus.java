package dev.paddock.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What tools that wait for an object take it for: the rules of kstatus (sigs.k8s.io/cli-utils) for kinds that it knows nothing of, while
 * the object is not being deleted. They read it as JSON, as the API server gives it.
 */
public enum Kstatus {
    CURRENT,
    IN_PROGRESS,
    FAILED;

    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    public static Kstatus of(HasMetadata object) {
        return read(JSON.unmarshal(JSON.asJson(object), GenericKubernetesResource.class));
    }

    /** Of one that was just made: its status is what the CRD has for default. */
    public static Kstatus ofNew(Class<? extends HasMetadata> kind) {
        String yaml = "/dev/paddock/crds/" + HasMetadata.getSingular(kind) + ".yaml";
        GenericKubernetesResource crd =
                JSON.unmarshal(Kstatus.class.getResourceAsStream(yaml), GenericKubernetesResource.class);
        Object status = crd.get("spec", "versions", 0, "schema", "openAPIV3Schema", "properties", "status", "default");
        GenericKubernetesResource made = new GenericKubernetesResource();
        made.setMetadata(new ObjectMetaBuilder().withGeneration(1L).build());
        if (status != null) made.setAdditionalProperty("status", status);
        return read(made);
    }

    private static Kstatus read(GenericKubernetesResource object) {
        Number observed = object.get("status", "observedGeneration");
        Long generation = Objects.requireNonNull(object.getMetadata().getGeneration(), "an API server gives one");
        if (observed != null && observed.longValue() != generation) return IN_PROGRESS;
        List<Map<String, Object>> told = object.get("status", "conditions");
        List<Map<String, Object>> conditions = told == null ? List.of() : told;
        for (Map<String, Object> condition : conditions) { // the first that holds
            if (is(condition, "Reconciling", "True")) return IN_PROGRESS;
            if (is(condition, "Stalled", "True")) return FAILED;
        }
        boolean unready = conditions.stream()
                .anyMatch(condition -> "Ready".equals(condition.get("type")) && !is(condition, "Ready", "True"));
        return unready ? IN_PROGRESS : CURRENT;
    }

    private static boolean is(Map<String, Object> condition, String type, String status) {
        return type.equals(condition.get("type")) && status.equals(condition.get("status"));
    }
}
