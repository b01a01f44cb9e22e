/** The localhost API: locks, config, services. */
package dev.paddock.sidecar;
