package dev.paddock.cli.images;

import dev.paddock.cli.CommandFailed;
import dev.paddock.cli.Root;
import dev.paddock.operator.Release;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code paddock images}: container images as files. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = "Write the container images of node, sidecar and operator as files.",
        footer = {
            "",
            "No container engine and no registry is needed: the images are made of the JDK and the C library of this machine.",
            "They run as user 1000, have no shell, and are the same bytes each time. `docker load` reads them, and so does",
            "containerd. All hold the whole command: kubectl exec demo-1 -- java @cli.args shell",
            "",
            "Examples:",
            "  paddock images --output /tmp/images",
            "  docker load --input /tmp/images/paddock-node-0.1.0.tar",
            "  ctr --namespace k8s.io images import /tmp/images/paddock-node-0.1.0.tar"
        })
public final class ImagesCommand implements Callable<Integer> {
    @Option(
            names = "--output",
            paramLabel = "DIR",
            defaultValue = "images",
            description = "Where to (default: ${DEFAULT-VALUE}).")
    private Path output = Path.of("images");

    @Spec
    private CommandSpec spec;

    public ImagesCommand() {}

    @Override
    public Integer call() {
        try {
            Files.createDirectories(output);
            Path scratch = Files.createTempDirectory(output, ".making-");
            try {
                write(scratch);
            } finally {
                delete(scratch);
            }
            return 0;
        } catch (IOException failed) {
            throw new CommandFailed("images: " + failed, failed);
        }
    }

    private void write(Path scratch) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        err.println("paddock: linking a runtime of Java " + Runtime.version() + " ...");
        LinkedRuntime.link(scratch.resolve("runtime"));
        Path flags = Root.folder().resolve("cli/src/main/launch");
        Layer base = layer("base", Contents.base(scratch.resolve("runtime")), scratch);
        Layer paddock = layer("paddock", Contents.paddock(System.getProperty("java.class.path"), flags), scratch);
        for (Image image : Image.ALL) {
            Path file = output.resolve("paddock-" + image.name() + "-" + Release.VERSION + ".tar");
            DockerArchive.write(image, Release.VERSION, List.of(base, paddock), file);
            spec.commandLine().getOut().println(file + "  " + image.tag(Release.VERSION) + "  " + mebibytes(file));
        }
    }

    private Layer layer(String name, FileTree tree, Path scratch) throws IOException {
        Layer layer = Layer.write(tree, scratch.resolve(name + ".tar"));
        spec.commandLine().getErr().println("paddock: layer " + name + ": " + mebibytes(layer.file()));
        return layer;
    }

    private static String mebibytes(Path file) throws IOException {
        return String.format(Locale.ROOT, "%.1f MiB", Files.size(file) / 1048576.0);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }
}
