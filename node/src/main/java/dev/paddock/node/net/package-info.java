/**
 * The edges that carry bytes: the client port. Netty's event loops own what is here; they never block and never decide.
 *
 * <p>It may import {@code front} and {@code wire}, and knows the state of the server only as values.
 */
package dev.paddock.node.net;
