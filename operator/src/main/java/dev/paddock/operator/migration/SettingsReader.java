package dev.paddock.operator.migration;

/** What Paddock makes of a {@code zoo.cfg}. Only the server itself knows, and the operator has no server in it. */
@FunctionalInterface
public interface SettingsReader {
    /** Reads the text of one, with its members in it. */
    Settings read(String zooCfg);
}
