package dev.paddock.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page for operators lists the keys that this server looks up, all of them and no others. */
class KnownKeysTest {
    private static final Path PAGE = Path.of(System.getProperty("paddock.root"), "docs", "operations.md");
    private static final Pattern KEY = Pattern.compile("`([^`]+)`");

    @TempDir
    Path folder;

    @Test
    void thePageListsTheKeysThatAreLookedUp() throws Exception {
        assertThat(listed()).isEqualTo(lookedUp());
    }

    /** With all that has further keys of its own. */
    private Set<String> lookedUp() throws Exception {
        Path jaas = folder.resolve("jaas.conf");
        Files.writeString(
                jaas, "Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_super=\"x\"; };");
        Files.writeString(folder.resolve("myid"), "1");
        var lines = String.join(
                "\n",
                "dataDir=" + folder,
                "clientPort=2181",
                "secureClientPort=2281",
                "ssl.keyStore.location=key.p12",
                "ssl.trustStore.location=trust.p12",
                "sslQuorum=true",
                "ssl.quorum.keyStore.location=key.p12",
                "ssl.quorum.trustStore.location=trust.p12",
                "java.security.auth.login.config=" + jaas,
                "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
                "superUser=bob",
                "superUser.1=amy",
                "initLimit=5",
                "syncLimit=5",
                "server.1=a:1:2",
                "group.1=1",
                "weight.1=1");
        PropertiesFile file = PropertiesFile.parse(folder.resolve("zoo.cfg"), lines);
        var settings = new Settings(file, new Properties());
        new ConfigParser(file, settings, OptionalLong.empty()).parse();
        assertThat(settings.unknownKeys()).isEmpty();
        Set<String> keys = new TreeSet<>();
        for (String key : settings.askedKeys()) {
            if (!key.startsWith("zookeeper.")) keys.add(key.replaceFirst("\\.1$", ".N"));
        }
        return keys;
    }

    private static Set<String> listed() throws Exception {
        Set<String> keys = new TreeSet<>();
        boolean isInTable = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.isEmpty() && !keys.isEmpty()) break;
            isInTable |= line.equals("| what | keys |");
            if (isInTable) KEY.matcher(line).results().forEach(found -> keys.add(found.group(1)));
        }
        keys.remove("myid"); // a file
        return keys;
    }
}
