package dev.paddock.node.replica;

import dev.paddock.node.request.AclRules;
import dev.paddock.node.session.SessionModes;
import dev.paddock.node.session.SessionTimeouts;
import dev.paddock.node.zab.Ensemble;
import dev.paddock.node.zab.Observing;
import dev.paddock.node.zab.Timing;

/**
 * What a replica must know before it starts.
 *
 * @param observing how observers hang on the others
 * @param leaderServes whether it takes clients while it leads
 * @param sessionTimeouts bounds of what clients may ask for
 * @param modes which sessions there are besides global ones
 * @param acl who may do what
 * @param sweep how eagerly a leader deletes unused containers and TTL znodes
 * @param txnBytesMax what every peer takes in one proposal
 * @param zxidsPerEpoch  how many a leader may give out before another epoch begins, at most 2^32-1
 * @param commitLogCount committed transactions kept in memory to bring learners up to date from
 * @param commitLogBytes bound on their bytes
 */
public record ReplicaConfig(
        Ensemble ensemble,
        Timing timing,
        Observing observing,
        boolean leaderServes,
        SessionTimeouts sessionTimeouts,
        SessionModes modes,
        AclRules acl,
        SweepPace sweep,
        int txnBytesMax,
        long zxidsPerEpoch,
        int commitLogCount,
        long commitLogBytes) {}
