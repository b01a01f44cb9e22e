/**
 * Injection: pods labelled {@code paddock.dev/inject: "true"} get a sidecar by a mutating webhook. {@code Wish} (what a pod's
 * annotations ask for), {@code Injector} (the pod with its sidecar), {@code Admission} (review in, review out) and {@code
 * Credentials} (when a certificate follows another) are pure; {@code WebhookServer} serves, on every replica, {@code Upkeep}
 * keeps the certificates: they lie in a Secret, the leader makes them and tells the API server whom to trust.
 */
@NullMarked
package dev.paddock.operator.injection;

import org.jspecify.annotations.NullMarked;
