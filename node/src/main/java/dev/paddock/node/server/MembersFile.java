package dev.paddock.node.server;

import dev.paddock.node.members.Members;
import java.io.IOException;

/** Where this server finds the members at its next start. Used by the disk thread. */
interface MembersFile {
    /** A quorum agreed on these. */
    void committed(Members members) throws IOException;
}
