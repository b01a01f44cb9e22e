/**
 * The edges that carry bytes: the client port, and the quorum and election ports. Netty's event loops own what is here;
 * they never block and never decide.
 *
 * <p>The client port may import {@code front} and {@code wire}, and knows the state of the server only as values. The
 * peer ports carry {@code zab}'s effects out and bring its inputs, and stream snapshots with the body format of {@code
 * log}.
 */
package dev.paddock.node.net;
