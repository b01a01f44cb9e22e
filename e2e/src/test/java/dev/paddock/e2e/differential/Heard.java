package dev.paddock.e2e.differential;

/**
 * One thing heard in a step.
 *
 * @param slot whose connection; -1 for the one that looks at the tree in the end
 */
record Heard(int slot, Frame frame) {}
