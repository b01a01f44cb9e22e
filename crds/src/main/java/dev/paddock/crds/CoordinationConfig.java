package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** {@code CoordinationConfig} ({@code ccfg}): keys that are kept as znodes under one path of a cluster. */
@JsonClassDescription(
        "Keys that are kept as znodes under one path of a CoordinationCluster. Drift is set right; deleting the object deletes its keys.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind(CoordinationConfig.KIND)
@Plural("coordinationconfigs")
@Singular("coordinationconfig")
@ShortNames("ccfg")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(
        name = "Cluster",
        jsonPath = ".spec.clusterRef.name",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Path", jsonPath = ".spec.path", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Keys",
        jsonPath = ".status.keys",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Zxid",
        jsonPath = ".status.zxid",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public class CoordinationConfig extends CustomResource<ConfigSpec, ConfigStatus> implements Namespaced {

    /** The kind as manifests write it. */
    public static final String KIND = "CoordinationConfig";

    private static final long serialVersionUID = 1L;

    @Override
    protected ConfigSpec initSpec() {
        return ConfigSpec.EMPTY;
    }

    /** Nothing is done before the operator has looked. */
    @Override
    protected ConfigStatus initStatus() {
        return ConfigStatus.UNKNOWN;
    }
}
