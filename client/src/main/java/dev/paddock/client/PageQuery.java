package dev.paddock.client;

/**
 * Which part of a directory's names to give; see {@link Client#getChildrenPage(String, PageQuery)}.
 *
 * @param cursor the name after which to go on, which need not be there any more; empty is the start
 * @param prefix of the names to give; empty is all
 * @param limit the most names to give, at least 1; the server may give fewer
 */
public record PageQuery(String cursor, String prefix, int limit) {
    public PageQuery {
        if (limit < 1) {
            throw new IllegalArgumentException("a page of " + limit + " names");
        }
    }

    /** The start of a listing in pages as large as the server likes. */
    public static PageQuery first() {
        return new PageQuery("", "", Integer.MAX_VALUE);
    }

    /** The same from another place on. */
    public PageQuery after(String name) {
        return new PageQuery(name, prefix, limit);
    }
}
