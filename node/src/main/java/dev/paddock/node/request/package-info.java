/**
 * Requests against a database: a write is checked and becomes the transaction that the ensemble will apply, a read is
 * answered. Who may do what, and what a path may look like, is decided here. Pure, and without state: every class is a
 * set of functions that any thread may call.
 */
@NullMarked
package dev.paddock.node.request;

import org.jspecify.annotations.NullMarked;
