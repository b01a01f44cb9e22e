/** The paddock command. */
package dev.paddock.cli;
