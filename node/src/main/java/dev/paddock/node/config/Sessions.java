package dev.paddock.node.config;

import dev.paddock.node.session.SessionModes;

/** Which sessions there are besides global ones; a server that runs alone has no others. */
final class Sessions {
    private Sessions() {}

    static SessionModes read(Settings s, boolean isStandalone) throws ConfigException {
        var modes = new SessionModes(
                s.bool("localSessionsEnabled", false),
                s.bool("localSessionsUpgradingEnabled", false),
                s.flag("readonlymode.enabled", false));
        return isStandalone ? SessionModes.GLOBAL : modes;
    }
}
