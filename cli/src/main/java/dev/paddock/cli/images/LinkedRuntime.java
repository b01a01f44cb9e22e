package dev.paddock.cli.images;

import dev.paddock.cli.CommandFailed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/** A Java runtime with the modules that {@code paddock} uses and no others, linked from the JDK that runs this. */
final class LinkedRuntime {
    /** Jackson knows the dates of java.sql, and names its classes; jdk.httpserver is the admin server's. */
    private static final List<String> MODULES = List.of(
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "java.security.sasl",
            "java.sql",
            "java.xml",
            "jdk.httpserver",
            "jdk.management",
            "jdk.unsupported");

    private LinkedRuntime() {}

    /** Links it into a folder that is not there yet. */
    static void link(Path folder) {
        ToolProvider jlink = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new CommandFailed("images: " + System.getProperty("java.home")
                        + " has no jlink; run this on a full JDK (PADDOCK_JAVA_HOME)"));
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int code = jlink.run(
                out,
                out,
                "--add-modules=" + String.join(",", MODULES),
                "--no-header-files",
                "--no-man-pages",
                "--strip-java-debug-attributes",
                "--compress=zip-9",
                "--vm=server",
                "--output=" + folder);
        if (code != 0)
            throw new CommandFailed("images: jlink failed: " + said.toString().strip());
    }
}
