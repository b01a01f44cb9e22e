package dev.paddock.cli.shell;

import dev.paddock.client.BlockingClient;
import dev.paddock.client.ChildrenPage;
import dev.paddock.client.PageQuery;
import dev.paddock.client.Reply;
import dev.paddock.client.Watcher;
import dev.paddock.wire.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The names of a directory's children, read page by page so that no directory is too large.
 *
 * @param names in the order of the alphabet
 * @param stat  the directory's, of the last page
 * @param exact whether no child came or went while it was read
 */
record Listing(List<String> names, Stat stat, boolean exact) {
    private static final int ATTEMPTS_MAX = 5;

    /** Lists all names that begin with a prefix, again if children come or go meanwhile, but not for ever. */
    static Listing of(BlockingClient calls, String path, String prefix, Optional<Watcher> watcher)
            throws InterruptedException {
        Listing listing = once(calls, path, prefix, watcher);
        for (int i = 1; i < ATTEMPTS_MAX && !listing.exact; i++) listing = once(calls, path, prefix, watcher);
        return listing;
    }

    private static Listing once(BlockingClient calls, String path, String prefix, Optional<Watcher> watcher)
            throws InterruptedException {
        PageQuery first = new PageQuery("", prefix, Integer.MAX_VALUE);
        Reply<ChildrenPage> begun = watcher.isPresent()
                ? calls.getChildrenPage(path, first, watcher.get())
                : calls.getChildrenPage(path, first);
        ChildrenPage page = begun.value();
        long pzxid = page.stat().pzxid();
        boolean exact = true;
        var names = new ArrayList<>(page.names());
        while (page.next().isPresent()) {
            page = calls.getChildrenPage(path, first.after(page.next().get())).value();
            exact &= page.stat().pzxid() == pzxid;
            names.addAll(page.names());
        }
        names.sort(null);
        return new Listing(names, page.stat(), exact);
    }
}
