/**
 * Plain znodes over HTTP: {@code /v1/znodes/{path}} and {@code /v1/txn}. Handlers run on the caller's virtual thread and keep
 * nothing between requests. May import {@code http} and {@code ensemble}.
 */
@NullMarked
package dev.paddock.sidecar.znode;

import org.jspecify.annotations.NullMarked;
