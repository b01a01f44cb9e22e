/**
 * The localhost API of Paddock: locks, config and services over HTTP with curl alone, and a proxy for ZooKeeper clients. {@link
 * dev.paddock.sidecar.Sidecar} wires the packages below it: {@code http} knows nothing of coordination, {@code ensemble} nothing of
 * HTTP, and {@code lock}, {@code config} and {@code service} do not know each other.
 */
@NullMarked
package dev.paddock.sidecar;

import org.jspecify.annotations.NullMarked;
