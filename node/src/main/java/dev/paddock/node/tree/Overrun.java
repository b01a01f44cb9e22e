package dev.paddock.node.tree;

/**
 * A write that goes beyond a quota, where quotas are enforced. A hard limit refuses it, a soft one only says so.
 *
 * @param limited   the path that has the quota
 * @param namespace the first name of the path that was written, by which Apache ZooKeeper counts the refused
 * @param what      {@code count} or {@code bytes}
 * @param would     how many there would be
 */
public record Overrun(String limited, String namespace, String what, long would, boolean isHard, long limit) {

    /** What the log says, as Apache ZooKeeper 3.9 says it. */
    public String text() {
        String of = what.equals("count") ? "CountLimit=" : "ByteLimit=";
        return "Quota exceeded: " + limited + " [current " + what + "=" + would + ", " + (isHard ? "hard" : "soft") + of
                + limit + "]";
    }
}
