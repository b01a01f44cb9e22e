package dev.paddock.operator;

import java.util.Comparator;
import java.util.List;

/**
 * All that the operator asks of the API server in the namespaces it watches, with where it does. The chart's rules are generated
 * from this list; a test plays the operator's day and compares the list with what it asked for. Its Lease, and the webhook's
 * certificates and configuration, are single objects, which the chart's own templates name; tests compare those as well.
 */
public final class Permissions {
    /** Verbs on a resource; {@code subresource} is empty for the object itself. */
    public record Permission(String group, String resource, List<String> verbs) {
        public Permission {
            verbs = verbs.stream().sorted().toList();
        }
    }

    /** In the order of groups and names. */
    public static final List<Permission> WATCHED = List.of(
                    // The reconcilers' own kinds. A patch of the object itself adds and removes its finalizer.
                    allow("paddock.dev", "coordinationclusters", "get", "list", "watch"),
                    allow("paddock.dev", "coordinationclusters/status", "update"),
                    allow("paddock.dev", "coordinationconfigs", "get", "list", "patch", "watch"),
                    allow("paddock.dev", "coordinationconfigs/status", "update"),
                    // Owned by a cluster: applied by the server, which creates; deleted with their owner by the
                    // collector. What decides is read afresh.
                    // ConfigMaps are also sources of a CoordinationConfig, read one by one.
                    allow("", "configmaps", "create", "get", "list", "patch", "watch"),
                    allow("", "services", "create", "list", "patch", "watch"),
                    allow("", "serviceaccounts", "create", "list", "patch", "watch"),
                    allow("apps", "statefulsets", "create", "get", "list", "patch", "watch"),
                    allow("networking.k8s.io", "networkpolicies", "create", "list", "patch", "watch"),
                    // Where Prometheus' operator is installed.
                    allow("monitoring.coreos.com", "prometheusrules", "create", "patch"),
                    allow("monitoring.coreos.com", "servicemonitors", "create", "patch"),
                    // Deleted when a cluster shrinks to what no budget can keep.
                    allow("policy", "poddisruptionbudgets", "create", "delete", "list", "patch", "watch"),
                    // Looked at afresh, and deleted to be restarted.
                    allow("", "pods", "delete", "get", "list"),
                    // Made larger.
                    allow("", "persistentvolumeclaims", "list", "patch"),
                    // What happened to a cluster, for people.
                    allow("", "events", "create"),
                    // A cluster's own credentials and keys; and what is named: its certificate, sources of a
                    // CoordinationConfig.
                    allow("", "secrets", "create", "get", "list", "update", "watch"))
            .stream()
            .sorted(Comparator.comparing(Permission::group).thenComparing(Permission::resource))
            .toList();

    /** On its own Lease. It patches that, but JOSDK refuses to start without the right to update it. */
    public static final List<Permission> LEASE =
            List.of(allow("coordination.k8s.io", "leases", "create", "get", "patch", "update"));

    /** On the Secret with the webhook's certificates, and on the configuration that says whom to trust. */
    public static final List<Permission> WEBHOOK = List.of(
            allow("", "secrets", "create", "get", "update"),
            allow("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "get", "patch"));

    private Permissions() {}

    private static Permission allow(String group, String resource, String... verbs) {
        return new Permission(group, resource, List.of(verbs));
    }

    /** As the rules of a Role. */
    public static String yaml() {
        StringBuilder yaml = new StringBuilder("# Generated from dev.paddock.operator.Permissions; edit that.\n");
        for (Permission permission : WATCHED) {
            yaml.append("- apiGroups: [\"")
                    .append(permission.group())
                    .append("\"]\n  resources: [")
                    .append(permission.resource())
                    .append("]\n  verbs: [")
                    .append(String.join(", ", permission.verbs()))
                    .append("]\n");
        }
        return yaml.toString();
    }
}
