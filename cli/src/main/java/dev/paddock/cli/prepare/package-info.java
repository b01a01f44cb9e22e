/**
 * {@code paddock prepare}: what runs in a pod before its server. It looks whose volume it has, and writes the files that the server
 * starts with. One thread; imports the operator's agreement with it, {@link dev.paddock.operator.ensemble.Preparation}.
 */
@NullMarked
package dev.paddock.cli.prepare;

import org.jspecify.annotations.NullMarked;
