package dev.paddock.node.zab;

import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who the members are when a server starts.
 *
 * @param self       sid of this server; it need not be a member, if others are to make it one
 * @param committed  the configuration that a quorum agreed on, as far as this server knows
 * @param proposed   what the newest reconfiguration in this server's history makes of it; the same if there is none
 * @param changeable whether clients may change the members ({@code reconfigEnabled})
 * @param alone      whether this server runs without peers and epochs, as Apache ZooKeeper's standalone server does
 * @param standaloneEnabled whether one voter alone is no ensemble, so that two must be left
 */
public record Ensemble(
        long self, Members committed, Members proposed, boolean changeable, boolean alone, boolean standaloneEnabled) {
    /** One whose members never change. */
    public static Ensemble fixed(long self, Members members) {
        return new Ensemble(self, members, members, false, false, true);
    }

    /** One without peers. */
    public static Ensemble alone(long self, boolean changeable) {
        SortedMap<Long, ServerSpec> nobodyElse = new TreeMap<>();
        nobodyElse.put(self, ServerSpec.parse(self, "localhost:2888:3888")); // no port is opened for peers
        Members members = Members.of(nobodyElse, 0);
        return new Ensemble(self, members, members, changeable, true, true);
    }
}
