/**
 * The files of one server of three are damaged, one kind at a time in one way at a time, while the others are well or one of them
 * lags behind: real servers, each a process of its own. Nothing that was acknowledged may be lost, and where two are well the third
 * comes back by itself. See {@code docs/reliability.md}.
 */
@NullMarked
package dev.paddock.e2e.damage;

import org.jspecify.annotations.NullMarked;
