package dev.paddock.cli.migrate;

import dev.paddock.client.Client;
import dev.paddock.client.ClientException;
import dev.paddock.client.Session;
import dev.paddock.node.members.Address;
import dev.paddock.node.members.Members;
import dev.paddock.operator.migration.Presence.Membership;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A session through one server, opened and closed: two transactions, which every member applies and hashes.
 *
 * @param self    of the server, by the session id that it gave
 * @param members what it has in {@code /zookeeper/config}
 * @param zxid    what it had applied at last
 */
record Visit(long self, Members members, long zxid) {
    private static final Duration SESSION = Duration.ofSeconds(10);
    private static final String CONFIG = "/zookeeper/config";

    /** Empty if no session could be had, or the configuration not be read. */
    static Optional<Visit> to(Address address) throws InterruptedException {
        try (Client client =
                Client.builder(address.toString()).sessionTimeout(SESSION).start()) {
            Session session = client.connected().get(SESSION.toMillis(), TimeUnit.MILLISECONDS);
            client.blocking().sync(CONFIG).value();
            var config = client.blocking().getData(CONFIG);
            String text = new String(config.value().data(), StandardCharsets.UTF_8);
            return Optional.of(new Visit(session.id() >>> 56, Members.parse(text), config.zxid()));
        } catch (TimeoutException | ExecutionException | ClientException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Membership membership() {
        return membership(self, members);
    }

    static Membership membership(long self, Members members) {
        var voters = new TreeSet<Long>();
        Arrays.stream(members.voters()).forEach(voters::add);
        var observers = new TreeSet<>(members.servers().keySet());
        observers.removeAll(voters);
        return new Membership(self, voters, observers);
    }
}
