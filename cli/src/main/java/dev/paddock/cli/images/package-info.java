/**
 * {@code paddock images}: container images without a container engine. A linked Java runtime, the machine's C library and the
 * command's own jars become two layers, which all images share. Runs on the command's own thread; may import Jackson and picocli.
 */
@org.jspecify.annotations.NullMarked
package dev.paddock.cli.images;
