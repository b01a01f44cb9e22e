/**
 * Certificates and their keys, as values: what of a Secret a server can use ({@code ServerKey}), what its servers and the operator are
 * given for it ({@code KeyFiles}), and keys of Paddock's own ({@code Pair}). No thread, no clock; imports Netty for what a client speaks
 * TLS with.
 */
@NullMarked
package dev.paddock.operator.certificates;

import org.jspecify.annotations.NullMarked;
