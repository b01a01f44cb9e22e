package dev.paddock.client;

import java.util.Optional;

/**
 * What is to change about the members of an ensemble: who joins and leaves, or all of them anew.
 *
 * @param joining servers {@code server.N=…}, joined by commas
 * @param leaving their numbers, joined by commas
 * @param members all servers, in place of the other two
 * @param fromVersion refused unless the configuration has this version; -1 is any
 */
public record Reconfiguration(
        Optional<String> joining, Optional<String> leaving, Optional<String> members, long fromVersion) {}
