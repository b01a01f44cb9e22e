package dev.paddock.node.config;

import java.nio.file.Path;

/**
 * A configuration this server cannot start with. The message is one line for a person: it names file, line and key, and
 * says what to do. {@code main} prints it and exits with 1.
 */
public sealed class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    /** Nothing may be wrong with the configuration, but what was given is not all of it. */
    public static final class NotCopied extends ConfigException {
        private static final long serialVersionUID = 1;

        NotCopied(Path file, int line, String key, String problem) {
            super(file, line, key, problem);
        }
    }

    private final transient Path file;
    private final int line;
    private final String key;

    /**
     * @param file    the file at fault
     * @param line    its line, from 1, or 0 where no single line is at fault
     * @param key     the key at fault, or "" where there is none
     * @param problem what is wrong and what to do, one sentence without a capital
     */
    public ConfigException(Path file, int line, String key, String problem) {
        super(file + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + problem);
        this.file = file;
        this.line = line;
        this.key = key;
    }

    /** The file at fault. */
    public Path file() {
        return file;
    }

    /** The line at fault, from 1, or 0 where no single line is. */
    public int line() {
        return line;
    }

    /** The key at fault, or "" where there is none. */
    public String key() {
        return key;
    }
}
