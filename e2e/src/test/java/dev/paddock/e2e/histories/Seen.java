package dev.paddock.e2e.histories;

import org.apache.zookeeper.data.Stat;

/**
 * A znode as an answer shows it; after a write, as the write has left it.
 *
 * @param value empty where the answer does not tell it, which is to a write
 */
record Seen(String value, int version, long czxid, long mzxid) {
    static Seen of(String value, Stat stat) {
        return new Seen(value, stat.getVersion(), stat.getCzxid(), stat.getMzxid());
    }
}
