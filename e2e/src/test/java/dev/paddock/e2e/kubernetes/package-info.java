/** Tests with a real Kubernetes, and {@link dev.paddock.e2e.kubernetes.Lab}, which gives them one. */
@NullMarked
package dev.paddock.e2e.kubernetes;

import org.jspecify.annotations.NullMarked;
