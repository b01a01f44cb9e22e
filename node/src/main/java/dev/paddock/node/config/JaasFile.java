package dev.paddock.node.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.URIParameter;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;

/**
 * The users of SASL, from the JAAS file that {@code java.security.auth.login.config} names: options {@code
 * user_NAME="password"} of the section {@code Server}, or of the one that {@code sasl.serverconfig} names. As in Apache
 * ZooKeeper 3.9, no file or no such section means no SASL, and a file that cannot be read no start.
 */
final class JaasFile {
    private static final String FILE = "java.security.auth.login.config";
    private static final String SECTION = "sasl.serverconfig";
    private static final String KERBEROS = "com.sun.security.auth.module.Krb5LoginModule";
    private static final String USER = "user_";

    private final Settings settings;

    JaasFile(Settings settings) {
        this.settings = settings;
    }

    /** User to password, sorted; empty if there is no SASL. */
    Optional<Map<String, Secret>> users() throws ConfigException {
        Optional<String> file = settings.text(FILE);
        String section = settings.text(SECTION).orElse("Server");
        if (file.isEmpty()) return Optional.empty();
        AppConfigurationEntry[] entries =
                parse(settings.readable(FILE, path(file.get()))).getAppConfigurationEntry(section);
        if (entries == null) {
            settings.warn(FILE, "has no section " + section + ", so clients cannot use SASL");
            return Optional.empty();
        }
        return Optional.of(withSuperPassword(users(entries)));
    }

    private Path path(String text) throws ConfigException {
        try {
            return text.startsWith("file:") ? Path.of(URI.create(text)) : Path.of(text);
        } catch (InvalidPathException e) {
            throw settings.error(FILE, "is not a path: " + e.getReason());
        } catch (IllegalArgumentException e) {
            throw settings.error(FILE, "is not a path of this machine");
        }
    }

    private Configuration parse(Path path) throws ConfigException {
        if (!Files.isReadable(path)) throw settings.error(FILE, path + " cannot be read; name a JAAS file");
        try {
            return Configuration.getInstance("JavaLoginConfig", new URIParameter(path.toUri()));
        } catch (NoSuchAlgorithmException | SecurityException | IllegalArgumentException e) {
            throw settings.error(FILE, path + " is not a JAAS file"); // why may quote a line with a password in it
        }
    }

    private Map<String, Secret> users(AppConfigurationEntry[] entries) throws ConfigException {
        var users = new TreeMap<String, Secret>();
        for (AppConfigurationEntry entry : entries) {
            if (entry.getLoginModuleName().equals(KERBEROS)) {
                throw settings.error(FILE, "asks for Kerberos (GSSAPI), which this version does not have");
            }
            entry.getOptions().forEach((option, password) -> {
                if (option.startsWith(USER)) {
                    users.put(option.substring(USER.length()), new Secret(String.valueOf(password)));
                }
            });
        }
        return users;
    }

    private Map<String, Secret> withSuperPassword(Map<String, Secret> users) {
        settings.text("SASLAuthenticationProvider.superPassword")
                .ifPresent(password -> users.computeIfPresent("super", (user, old) -> new Secret(password)));
        return Collections.unmodifiableMap(users);
    }
}
