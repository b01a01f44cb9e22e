package dev.paddock.node.tree;

import dev.paddock.wire.Acl;
import java.util.List;

/**
 * One thing that watches may be waiting for.
 *
 * @param path of the znode that changed; for {@link Kind#CHILDREN_CHANGED} the parent
 * @param acl  of that znode at that moment, the deleted one's included: only who may read it hears of it
 * @param dataBytes how much data that znode holds now; 0 if it is gone
 */
public record Change(Kind kind, String path, List<Acl> acl, int dataBytes) {

    /** What happened. A create is CREATED and then CHILDREN_CHANGED of the parent, a delete likewise. */
    public enum Kind {
        CREATED,
        DELETED,
        DATA_CHANGED,
        CHILDREN_CHANGED
    }
}
