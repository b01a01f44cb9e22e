package dev.paddock.client;

import dev.paddock.wire.NameOrder;
import dev.paddock.wire.Stat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Some of the names of a znode's children.
 *
 * @param names single segments, in the order of {@link NameOrder}; there may be none though the listing goes on
 * @param stat the parent's, of the same state as the names
 * @param next the cursor of the next page; empty if this is the last
 */
public record ChildrenPage(List<String> names, Stat stat, Optional<String> next) {
    private record Ordered(byte[] utf8, String name) {}

    public ChildrenPage {
        names = List.copyOf(names);
    }

    /** The page out of a whole listing: what a server that gives pages would have given of it. */
    static ChildrenPage of(List<String> all, Stat stat, PageQuery query) {
        byte[] cursor = query.cursor().getBytes(StandardCharsets.UTF_8);
        List<Ordered> rest = all.stream()
                .filter(name -> name.startsWith(query.prefix()))
                .map(name -> new Ordered(name.getBytes(StandardCharsets.UTF_8), name))
                .filter(each -> cursor.length == 0 || NameOrder.compare(each.utf8, cursor) > 0)
                .sorted((a, b) -> NameOrder.compare(a.utf8, b.utf8))
                .toList();
        List<String> names =
                rest.stream().limit(query.limit()).map(Ordered::name).toList();
        return new ChildrenPage(
                names, stat, names.size() < rest.size() ? Optional.of(names.getLast()) : Optional.empty());
    }
}
