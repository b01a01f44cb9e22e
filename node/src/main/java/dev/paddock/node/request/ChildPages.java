package dev.paddock.node.request;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Znode;
import dev.paddock.wire.Request;
import dev.paddock.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * Writes {@link dev.paddock.wire.Response.GetChildrenPage}. A page is found in the time of one look-up and then costs what
 * it examines, which is bounded, so that no directory and no prefix holds up the other clients of a loop.
 */
final class ChildPages {
    /** Children that one page looks at; those that the prefix leaves out count. */
    static final int EXAMINED_MAX = 8_192;

    private static final int LENGTH_BYTES = 4;

    private ChildPages() {}

    /**
     * Writes one page.
     *
     * @param bytesMax of the names and, where one has to be said, the cursor, with their lengths; but one name that is longer fills a
     *                 page alone
     */
    static void write(Database database, Znode parent, Request.GetChildrenPage asked, int bytesMax, Writer out) {
        byte[] prefix = utf8(asked.prefix());
        Iterator<Znode> rest = parent.childrenAfter(utf8(asked.cursor()));
        int countAt = out.length();
        out.writeInt(0);
        int namesAt = out.length();
        int listed = 0;
        Znode last = parent; // the child examined last
        boolean isLastListed = true;
        boolean more = false;
        for (int examined = 0; rest.hasNext(); examined++) {
            Znode next = rest.next();
            int bytes = out.length() - namesAt + LENGTH_BYTES + next.nameLength();
            more = examined > 0 && (bytes > bytesMax || listed == asked.limit() || examined == EXAMINED_MAX);
            if (more) break;
            last = next;
            isLastListed = next.isNamedLike(prefix);
            if (isLastListed) {
                next.writeName(out);
                listed++;
            }
        }
        out.setInt(countAt, listed);
        database.writeStat(parent, out);
        out.writeBool(more);
        if (more && !isLastListed) last.writeName(out);
        else out.writeString(null);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
