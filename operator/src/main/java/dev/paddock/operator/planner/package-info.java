/**
 * What to do next with an ensemble: a pure function from what is wanted and what is seen to one step, {@link
 * dev.paddock.operator.planner.Planner#next}.
 *
 * <p>It has two back ends, Kubernetes objects and the local processes of {@code paddock up}. Whoever carries steps out
 * observes afresh before each call and keeps nothing between calls, so a crash between any two steps is harmless. The
 * package imports neither Kubernetes nor files, sockets, threads or clocks; a test keeps that.
 */
package dev.paddock.operator.planner;
