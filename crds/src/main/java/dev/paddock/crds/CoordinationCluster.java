package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * {@code CoordinationCluster} ({@code ccl}): an ensemble of replicated znode servers.
 *
 * <p>The same manifest is taken by {@code kubectl apply}, where the operator turns it into pods, and by
 * {@code paddock up}, which runs each member as a process on loopback. A field is in the schema only if this version
 * acts on it.
 */
@JsonClassDescription(
        "An ensemble of replicated znode servers that speak ZooKeeper's protocols. Clients connect to the Service NAME-client, port 2181.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind(CoordinationCluster.KIND)
@Plural("coordinationclusters")
@Singular("coordinationcluster")
@ShortNames("ccl")
@Categories(Api.CATEGORY)
@ValidationRule(value = Rules.CLUSTER_NAME, message = Rules.CLUSTER_NAME_FIX)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.ready", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Leader",
        jsonPath = ".status.ensemble.leader",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.version", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Epoch",
        jsonPath = ".status.ensemble.epoch",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Config version",
        jsonPath = ".status.ensemble.configVersion",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Endpoint",
        jsonPath = ".status.endpoint",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public class CoordinationCluster extends CustomResource<ClusterSpec, ClusterStatus> implements Namespaced {

    /** The kind as manifests write it. */
    public static final String KIND = "CoordinationCluster";

    private static final long serialVersionUID = 1L;

    /** What is wanted when a manifest leaves {@code spec} out: every default. */
    @Override
    protected ClusterSpec initSpec() {
        return ClusterSpec.DEFAULT;
    }

    /** Nothing is observed before the operator has looked. */
    @Override
    protected ClusterStatus initStatus() {
        return ClusterStatus.UNKNOWN;
    }
}
