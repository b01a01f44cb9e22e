/**
 * Numbers for operators: counted by the thread that owns what happens, in fixed memory and without locks, and added up
 * when somebody asks. Pure; may be imported by everything and imports nothing of ours.
 */
@NullMarked
package dev.paddock.node.meter;

import org.jspecify.annotations.NullMarked;
