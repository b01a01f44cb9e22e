package dev.paddock.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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

    /** The notes, which helm prints only where it installs: they are rendered as a part of an object, in a copy of the chart. */
    static String notes(Path copy, String namespace, String... words) throws IOException, InterruptedException {
        try (Stream<Path> files = Files.walk(CHART, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.toList())
                Files.copy(file, copy.resolve(CHART.relativize(file).toString()));
        }
        Files.writeString(
                copy.resolve("templates/shown.yaml"),
                "notes: {{ include (print .Template.BasePath \"/NOTES.txt\") . | toJson }}\n");
        List<String> all = new ArrayList<>(List.of("--show-only", "templates/shown.yaml"));
        all.addAll(List.of(words));
        Ran ran = renderChart(copy, namespace, all.toArray(String[]::new));
        assertThat(ran.exitCode()).as(ran.errors()).isZero();
        return ran.output();
    }

    /** Likewise, or what is wrong with the values. */
    static Ran render(String namespace, String... words) throws IOException, InterruptedException {
        return renderChart(CHART, namespace, words);
    }

    private static Ran renderChart(Path chart, String namespace, String... words)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(
                "template", "paddock", chart.toString(), "--namespace", namespace, "--kube-version", KUBERNETES));
        all.addAll(List.of(words));
        return run(all.toArray(String[]::new));
    }
}
