/** Data folders of Apache ZooKeeper's releases since 3.4, taken over by our server, and back. */
@NullMarked
package dev.paddock.e2e.releases;

import org.jspecify.annotations.NullMarked;
