package dev.paddock.node.net;

import java.security.Security;

/** How long the JVM remembers where a name leads. Pods come back elsewhere under the same name. */
public final class NameLookups {
    private static final String FOUND_SECONDS = "networkaddress.cache.ttl";
    private static final String MISSING_SECONDS = "networkaddress.cache.negative.ttl";
    private static final String MISSING_DEFAULT = "10"; // of java.security, which always says something

    private NameLookups() {}

    /**
     * From now on whoever connects by a name looks it up, rather than learn for 30 s where it led before, or for 10 s that it did not exist.
     * What an operator has set stays. To be called before the first name of the process is looked up.
     */
    public static void remembersNothing() {
        if (Security.getProperty(FOUND_SECONDS) == null && System.getProperty("sun.net.inetaddr.ttl") == null) {
            Security.setProperty(FOUND_SECONDS, "0");
        }
        if (MISSING_DEFAULT.equals(Security.getProperty(MISSING_SECONDS))
                && System.getProperty("sun.net.inetaddr.negative.ttl") == null) {
            Security.setProperty(MISSING_SECONDS, "0");
        }
    }
}
