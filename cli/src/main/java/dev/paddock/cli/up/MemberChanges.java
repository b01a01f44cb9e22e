package dev.paddock.cli.up;

import dev.paddock.client.Client;
import dev.paddock.client.ClientException;
import dev.paddock.client.Reconfiguration;
import dev.paddock.operator.planner.Membership;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Changes who belongs to a running ensemble, each time one server, and only if the members are still those that were seen.
 * Each call says why it was refused; empty if it was done.
 */
final class MemberChanges {
    static final String USER = "super";
    private static final Duration SESSION = Duration.ofSeconds(4);
    private static final Duration HAND_OVER_MAX = Duration.ofSeconds(5);

    private final Ports ports;
    private final String password;

    MemberChanges(Ports ports, String password) {
        this.ports = ports;
        this.password = password;
    }

    /** What the super user is known by. */
    static String credentials(String password) {
        return USER + ":" + password;
    }

    /** @param role participant or observer */
    Optional<String> join(int id, String role, Membership seen) throws InterruptedException {
        return change(Optional.of(ports.member(id, role)), Optional.empty(), seen);
    }

    Optional<String> leave(int id, Membership seen) throws InterruptedException {
        return change(Optional.empty(), Optional.of(String.valueOf(id)), seen);
    }

    private Optional<String> change(Optional<String> joining, Optional<String> leaving, Membership seen)
            throws InterruptedException {
        var change = new Reconfiguration(joining, leaving, Optional.empty(), seen.version());
        try (Client client = Client.builder(ports.connectString(seen.voters()))
                .sessionTimeout(SESSION)
                .start()) {
            var _ = client.addAuth("digest", credentials(password).getBytes(StandardCharsets.UTF_8)); // goes first
            client.blocking().reconfig(change).value();
            return Optional.empty();
        } catch (ClientException failed) {
            return Optional.of(failed.getMessage());
        }
    }

    /** Asks a leader to give its place to a follower that has caught up. */
    Optional<String> handOver(int leader) throws InterruptedException {
        URI uri = URI.create("http://" + Ports.at(ports.admin(leader)) + "/commands/hand_over");
        var request = HttpRequest.newBuilder(uri)
                .timeout(HAND_OVER_MAX)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? Optional.empty()
                    : Optional.of(answer.body().strip());
        } catch (IOException failed) {
            return Optional.of("server " + leader + " does not answer: " + failed.getMessage());
        }
    }
}
