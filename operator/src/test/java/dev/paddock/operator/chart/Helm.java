package dev.paddock.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The helm that {@code ./verify} builds, or none: then its tests are skipped. */
final class Helm {
    static final Path CHART = Path.of(System.getProperty("paddock.root"), "charts", "paddock");
    private static final Path HELM = Path.of(
                    System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"))
            .resolve("paddock/helm-3.22.0/helm");

    /** A helm that was built as a Go module takes a Kubernetes of long ago for granted. */
    private static final String KUBERNETES = "1.34.0";

    private Helm() {}

    /**
     * What came of one run.
     *
     * @param errors warnings, too: the chart links to the definitions, and helm says so
     */
    record Ran(int exitCode, String output, String errors) {}

    static Ran run(String... words) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(HELM), "helm 3.22.0 is not in " + HELM + ": run ./verify, which builds it");
        List<String> command = new ArrayList<>(List.of(HELM.toString()));
        command.addAll(List.of(words));
        Path errors = Files.createTempFile("helm", ".err");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), output, Files.readString(errors));
        } finally {
            Files.delete(errors);
        }
    }

    /** The rendered objects. */
    static String template(String namespace, String... words) throws IOException, InterruptedException {
        Ran ran = render(namespace, words);
        assertThat(ran.exitCode()).as(ran.errors()).isZero();
        return ran.output();
    }

    /** Likewise, or what is wrong with the values. */
    static Ran render(String namespace, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(
                "template", "paddock", CHART.toString(), "--namespace", namespace, "--kube-version", KUBERNETES));
        all.addAll(List.of(words));
        return run(all.toArray(String[]::new));
    }
}
