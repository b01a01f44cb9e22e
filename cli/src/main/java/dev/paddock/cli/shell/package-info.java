/**
 * {@code paddock shell}: zkCli's commands, one by one or in a dialogue. Blocking code on the thread of the command; what
 * zkCli prints to standard output is printed in the same form, for scripts that read it.
 */
@NullMarked
package dev.paddock.cli.shell;

import org.jspecify.annotations.NullMarked;
