/**
 * Config: znodes read and written as values over HTTP. {@code /v1/config/app/greeting} is the znode {@code /app/greeting}. Pure:
 * {@link dev.paddock.sidecar.config.Values} (what a subtree says) and {@link dev.paddock.sidecar.config.Format} (how it is written
 * down). The trees {@code /zookeeper} and {@code /paddock} are not config and are refused.
 */
@NullMarked
package dev.paddock.sidecar.config;

import org.jspecify.annotations.NullMarked;
