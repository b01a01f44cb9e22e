package dev.paddock.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code paddock version}: the version of Paddock and of the Java that runs it. */
@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Runnable, IVersionProvider {
    @Spec
    private CommandSpec spec;

    VersionCommand() {}

    @Override
    public void run() {
        for (String line : getVersion()) spec.commandLine().getOut().println(line);
    }

    @Override
    public String[] getVersion() {
        String version = Main.class.getPackage().getImplementationVersion(); // absent when run from a folder of classes
        return new String[] {"paddock " + (version == null ? "(unpackaged)" : version), "java " + Runtime.version()};
    }
}
