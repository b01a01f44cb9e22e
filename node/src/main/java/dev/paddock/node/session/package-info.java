/**
 * What a session is besides an entry of the database: where its id comes from, what proves it, when it has been silent
 * for too long. Pure: time comes as a parameter. {@link dev.paddock.node.session.SessionExpiry} is owned by the core
 * thread; the rest has no state that is shared.
 */
@NullMarked
package dev.paddock.node.session;

import org.jspecify.annotations.NullMarked;
