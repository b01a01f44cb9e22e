/**
 * The pure logic of one client loop: connections, the order of a session's requests, watches and the loop's view of the tree.
 *
 * <p>A {@link dev.paddock.node.front.Frontend} is owned by one client loop and called by nobody else. It may import
 * {@code wire}, {@code tree}, {@code request}, {@code session} and {@code watch}; sockets, threads and clocks are its caller's.
 */
package dev.paddock.node.front;
