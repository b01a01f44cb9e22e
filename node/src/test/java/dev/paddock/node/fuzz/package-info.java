/**
 * Hostile bytes for everything that decodes: what the fuzz targets of all packages share, and the targets of the {@code wire}
 * module's formats, which are here so that one module has the fuzzer. See {@code docs/reliability.md}.
 */
package dev.paddock.node.fuzz;
