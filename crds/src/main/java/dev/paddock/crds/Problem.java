package dev.paddock.crds;

import java.nio.file.Path;

/**
 * Why a manifest is refused, in one line: {@code examples/quickstart.yaml:9: spec.replica: unknown field; did you mean
 * replicas?}.
 *
 * @param line from 1; 0 when it is the file as a whole
 * @param field path of the field, as {@code spec.config[server.1]}; empty when it is none
 * @param message what is wrong and what to do
 */
public record Problem(Path file, int line, String field, String message) {

    /** The line for people. */
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + (field.isEmpty() ? "" : field + ": ") + message;
    }
}
