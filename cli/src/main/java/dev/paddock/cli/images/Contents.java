package dev.paddock.cli.images;

import dev.paddock.cli.CommandFailed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What lies in the images, in two layers: the base, which changes with the JDK and the machine's C library, and Paddock itself.
 * All images share both, so a machine that runs pods of each keeps them once.
 */
final class Contents {
    static final String HOME = "/opt/paddock";
    static final String JAVA = HOME + "/runtime/bin/java";
    static final String PATH = HOME + "/runtime/bin";
    static final int USER = 1000;

    private static final String UNDER = HOME.substring(1) + "/";

    private Contents() {}

    /** Java, the C library, and the few files without which a C library finds no user and no host. */
    static FileTree base(Path runtime) throws IOException {
        FileTree tree = new FileTree()
                .folder("tmp", 01777, 0)
                .folder("data", 0755, USER)
                .text(
                        "etc/passwd",
                        "root:x:0:0:root:/root:/sbin/nologin\npaddock:x:" + USER + ":" + USER
                                + ":paddock:/tmp:/sbin/nologin\n")
                .text("etc/group", "root:x:0:\npaddock:x:" + USER + ":\n")
                .text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
                .copyAll(UNDER + "runtime", runtime);
        CLibrary.ofThisProcess().addTo(tree, runtime);
        return tree;
    }

    /**
     * The jars, and for each kind of command a file of arguments for {@code java}.
     *
     * @param classPath of the packaged command
     * @param flags     folder with the JVM's flags of each kind
     */
    static FileTree paddock(String classPath, Path flags) throws IOException {
        FileTree tree = new FileTree();
        List<Path> jars =
                Stream.of(classPath.split(File.pathSeparator, -1)).map(Path::of).toList();
        for (Path jar : jars) {
            if (!Files.isRegularFile(jar))
                throw new CommandFailed("images: " + jar + " is no jar; run ./paddock images");
            tree.copy(UNDER + "lib/" + jar.getFileName(), jar);
        }
        String path =
                jars.stream().map(jar -> HOME + "/lib/" + jar.getFileName()).collect(Collectors.joining(":"));
        for (Image image : Image.ALL) arguments(tree, image.name(), flags, path);
        arguments(tree, "cli", flags, path);
        return tree;
    }

    private static void arguments(FileTree tree, String kind, Path flags, String path) throws IOException {
        tree.text(UNDER + kind + ".args", Files.readString(flags.resolve(kind + ".args")) + """
                # Netty maps memory and loads its epoll library.
                --enable-native-access=ALL-UNNAMED
                --sun-misc-unsafe-memory-access=allow
                -cp
                %s
                dev.paddock.cli.Main
                """.formatted(path));
    }
}
