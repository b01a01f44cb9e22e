/**
 * Golden vectors: bytes recorded from Apache ZooKeeper 3.9.5, cut into fields and named by its own decoders. They lie in {@code src/test/resources/golden};
 * {@link dev.paddock.wire.golden.GoldenRecorder} makes them anew.
 */
package dev.paddock.wire.golden;
