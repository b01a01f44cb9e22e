package dev.paddock.client;

/**
 * What a {@link Watcher} hears.
 *
 * @param path as the caller gave it
 * @param zxid of the change; -1 where the server found only after a reconnect that there was one, or does not say
 */
public record WatchEvent(Kind kind, String path, long zxid) {
    /** What happened. */
    public enum Kind {
        CREATED,
        DELETED,
        DATA_CHANGED,
        CHILDREN_CHANGED,
        /** The session or the client has ended: nothing was seen to change, and nothing more will be heard. */
        LOST
    }
}
