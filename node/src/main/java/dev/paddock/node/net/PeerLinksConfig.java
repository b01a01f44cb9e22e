package dev.paddock.node.net;

import dev.paddock.node.members.Address;
import dev.paddock.node.tree.TreeRules;
import java.net.InetSocketAddress;

/**
 * What the peer links are built from.
 *
 * @param self                 sid of this server
 * @param quorumAddress        where to listen for learners; port 0 takes a free one
 * @param electionAddress      where to listen for votes; port 0 takes a free one
 * @param ownElection          what the others are told of where this server listens for votes
 * @param listensOnAllHosts    whether this server, where its address changes, looks at the port alone
 * @param observerMasterPort   where followers listen for observers; 0 if they do not
 * @param packetBytesMax       largest data of a packet, and largest znode or ACL of a snapshot
 * @param outboxBytesMax       bytes that may wait for a learner that reads slowly, before its link is cut
 * @param connectTimeoutMillis how long a dial may take
 * @param bindAttempts         how often, a second apart, an address is tried that cannot be had; 0 is for ever
 * @param admitsJoiners        whether a server that is no member may link, so that it can become one
 * @param treeRules            of the snapshots that a leader sends
 */
public record PeerLinksConfig(
        long self,
        InetSocketAddress quorumAddress,
        InetSocketAddress electionAddress,
        Address ownElection,
        boolean listensOnAllHosts,
        int observerMasterPort,
        int packetBytesMax,
        long outboxBytesMax,
        int connectTimeoutMillis,
        int bindAttempts,
        boolean admitsJoiners,
        TreeRules treeRules) {}
