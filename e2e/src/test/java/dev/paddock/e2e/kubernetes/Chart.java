package dev.paddock.e2e.kubernetes;

import dev.paddock.e2e.Command;
import dev.paddock.e2e.Installed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The chart in a lab, by Helm. */
final class Chart {
    static final String NAMESPACE = "paddock-system";
    /** The operator, as the API server knows it. */
    static final String OPERATOR = "system:serviceaccount:" + NAMESPACE + ":paddock-operator";

    private static final Path ROOT = Path.of(System.getProperty("paddock.root"));
    private static final Path HELM = Installed.CACHE.resolve("helm-3.22.0/helm");
    private static final long SECONDS_MAX = 400;

    private Chart() {}

    /** Has the operator run with the chart's own values, for all namespaces. */
    static void install(Lab lab) throws IOException, InterruptedException {
        Images.loadInto(lab);
        helm(lab, "upgrade", "--install", "--create-namespace", "paddock", chart(), "--wait", "--timeout=5m");
    }

    /** Likewise, from a chart of another version. */
    static void upgradeTo(Lab lab, Path other) throws IOException, InterruptedException {
        helm(lab, "upgrade", "paddock", other.toString(), "--wait", "--timeout=5m");
    }

    /** Likewise, with other values. */
    static void upgrade(Lab lab, String... values) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("upgrade", "paddock", chart(), "--wait", "--timeout=5m"));
        for (String value : values) words.add("--set=" + value);
        helm(lab, words.toArray(String[]::new));
    }

    static void uninstall(Lab lab) throws IOException, InterruptedException {
        helm(lab, "uninstall", "paddock", "--wait", "--timeout=5m");
    }

    /** What Helm knows of the release: its {@code manifest}, or its {@code notes}. */
    static String get(Lab lab, String what) throws IOException, InterruptedException {
        return helm(lab, "get", what, "paddock");
    }

    private static String chart() {
        return ROOT.resolve("charts/paddock").toString();
    }

    private static String helm(Lab lab, String... words) throws IOException, InterruptedException {
        Installed.require(HELM, "helm");
        List<String> all = new ArrayList<>(
                List.of(HELM.toString(), "--kubeconfig=" + lab.kubeconfig(), "--namespace=" + NAMESPACE));
        all.addAll(List.of(words));
        try (Command helm = Command.start(ROOT, all.toArray(String[]::new))) {
            if (helm.await(SECONDS_MAX) != 0) throw new IOException(all + " failed: " + helm.text());
            return helm.text();
        }
    }
}
