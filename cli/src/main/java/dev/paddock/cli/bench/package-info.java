/**
 * {@code paddock bench}: a load generator that speaks the client protocol. One thread drives all connections, with requests that
 * are encoded once; so what it measures is the servers, not itself. {@link dev.paddock.cli.bench.Bench} tells the course.
 */
@NullMarked
package dev.paddock.cli.bench;

import org.jspecify.annotations.NullMarked;
