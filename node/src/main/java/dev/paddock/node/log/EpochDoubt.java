package dev.paddock.node.log;

import java.nio.file.Path;

/**
 * That one of the two files of epochs does not say what this server last stored there, so that nobody knows what it promised.
 *
 * @param file    the file
 * @param message names it and the offset, and says what is wrong
 * @param atLeast what it said at least
 */
public record EpochDoubt(Path file, String message, long atLeast) {
    /** What a person may do about it where no others can help: two commands to choose from. */
    public String choices() {
        return ". Where there is a copy made since this server ran last, put it back: cp COPY " + file
                + "; where there is none, no other server was promised anything since, or this is the only one, write what it said at"
                + " least: printf " + atLeast + " > " + file;
    }
}
