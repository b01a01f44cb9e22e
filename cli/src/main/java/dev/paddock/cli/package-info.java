/**
 * The {@code paddock} command: one class for each subcommand, read by picocli. A command does its work and returns; what
 * went wrong is one line on standard error and the exit code, see {@link dev.paddock.cli.Main}. May import every module.
 */
@NullMarked
package dev.paddock.cli;

import org.jspecify.annotations.NullMarked;
