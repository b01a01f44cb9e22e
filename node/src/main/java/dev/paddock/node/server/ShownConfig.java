package dev.paddock.node.server;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.config.SecureClients;
import dev.paddock.node.members.Address;
import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.net.ServerView.FolderSizes;
import java.util.Optional;

/** The configuration as the four letter word {@code conf} shows it, in the layout of Apache ZooKeeper 3.9.5. */
record ShownConfig(NodeConfig config, Members members, ServerFolders folders) {

    /** Looks at the folders. */
    String text() {
        FolderSizes sizes = folders.sizes();
        StringBuilder text = new StringBuilder();
        Optional<SecureClients> secure = config.secureClients();
        boolean isPlain = secure.isEmpty() || !secure.get().isOnly();
        line(text, "clientPort", isPlain ? client().port() : -1);
        line(
                text,
                "secureClientPort",
                secure.flatMap(SecureClients::address).map(Address::port).orElse(-1));
        line(text, "dataDir", folders.snapshots());
        line(text, "dataDirSize", sizes.snapshots());
        line(text, "dataLogDir", folders.logs());
        line(text, "dataLogSize", sizes.logs());
        line(text, "tickTime", config.timing().tickTimeMillis());
        line(text, "maxClientCnxns", config.clientPort().maxClientCnxns());
        line(text, "minSessionTimeout", config.timing().minSessionTimeoutMillis());
        line(text, "maxSessionTimeout", config.timing().maxSessionTimeoutMillis());
        line(text, "clientPortListenBacklog", config.limits().listenBacklog());
        line(
                text,
                "serverId",
                config.ensemble().isStandalone() ? 0 : config.ensemble().self());
        if (!config.ensemble().isStandalone()) own().ifPresent(own -> member(text, own));
        return text.toString();
    }

    private Address client() {
        return own().flatMap(ServerSpec::client).orElse(config.clientPort().address());
    }

    /** Our line as it is now, or as it was while we were a member. */
    private Optional<ServerSpec> own() {
        return Optional.ofNullable(members.servers().get(config.ensemble().self()))
                .or(config.ensemble()::own);
    }

    /** Its last line has no end, as in Apache ZooKeeper. */
    private void member(StringBuilder text, ServerSpec own) {
        line(text, "initLimit", config.timing().initLimit());
        line(text, "syncLimit", config.timing().syncLimit());
        line(text, "electionAlg", 3);
        line(text, "electionPort", own.election().port());
        line(text, "quorumPort", own.quorum().port());
        line(text, "peerType", own.role() == ServerSpec.Role.PARTICIPANT ? 0 : 1);
        text.append("membership: \n").append(members.text());
    }

    private static void line(StringBuilder text, String key, Object value) {
        text.append(key).append('=').append(value).append('\n');
    }
}
