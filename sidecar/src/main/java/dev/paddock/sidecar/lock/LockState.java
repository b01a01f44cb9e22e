package dev.paddock.sidecar.lock;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A lock as the tree shows it.
 *
 * @param holders those that hold it, oldest first
 * @param queue   those that wait, oldest first
 */
record LockState(String name, List<Member> holders, List<Member> queue) {

    /** @param fencingToken the czxid of its node */
    record Member(String lease, String holder, LockMode mode, long fencingToken) {
        /** The lease's id is left out: whoever knows it can release the lock. */
        Map<String, Object> json() {
            var json = new LinkedHashMap<String, Object>();
            json.put("holder", holder);
            json.put("mode", mode);
            json.put("fencingToken", Long.toString(fencingToken));
            return json;
        }
    }

    /** The largest token that is held. */
    OptionalLong current() {
        return holders.stream().mapToLong(Member::fencingToken).max();
    }

    Map<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", name);
        json.put("held", !holders.isEmpty());
        if (!holders.isEmpty()) json.putAll(holders.getFirst().json());
        json.put("holders", holders.stream().map(Member::json).toList());
        json.put("queue", queue.stream().map(Member::json).toList());
        return json;
    }
}
