package dev.paddock.operator.cluster;

import dev.paddock.client.Client;
import dev.paddock.client.ClientException;
import dev.paddock.client.Reconfiguration;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.migration.Answers;
import dev.paddock.operator.migration.Finding;
import dev.paddock.operator.migration.Finding.Known;
import dev.paddock.operator.migration.Finding.Unknown;
import dev.paddock.operator.migration.Presence;
import dev.paddock.operator.planner.Membership;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks by four letter words, which every ZooKeeper answers too, and acts by the client port and the admin port. */
final class TcpServers implements Servers {
    private static final Logger LOG = LoggerFactory.getLogger(TcpServers.class);
    private static final int TIMEOUT_MILLIS = 1000;
    private static final int ANSWER_BYTES_MAX = 1 << 20;
    private static final Duration SESSION = Duration.ofSeconds(4);
    private static final String SINCE =
            "where its pod is of an operator that did not ask for that, set spec.engine back until all were restarted";
    private static final Duration HAND_OVER_MAX = Duration.ofSeconds(5);

    @Override
    public Optional<Report> report(String host) {
        return ask(host, "srvr").flatMap(Report::parse);
    }

    @Override
    public Optional<Membership> members(String host) {
        return ask(host, "conf").flatMap(Membership::parse);
    }

    @Override
    public Presence presence(String host) {
        return ask(host, "srvr")
                .flatMap(Answers::server)
                .<Presence>map(server -> new Presence.Serving(
                        server.release(),
                        server.role(),
                        server.zxid(),
                        finding(host, "mntr", Answers::mismatches),
                        finding(host, "hash", Answers::digests),
                        finding(host, "conf", Answers::membership)))
                .orElseGet(Presence.NotServing::new);
    }

    private static <T> Finding<T> finding(String host, String word, Function<String, Optional<T>> reader) {
        return ask(host, word)
                .flatMap(reader)
                .<Finding<T>>map(Known::new)
                .orElseGet(() -> new Unknown<>("does not answer " + word, SINCE));
    }

    @Override
    public boolean ring(String host) {
        try (Client client = client(List.of(host))) {
            client.connected().get(SESSION.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("no session at {}", host, e); // the next look tells what came of it
        }
        return false;
    }

    @Override
    public Optional<String> reconfigure(List<String> hosts, Reconfiguration change, String password) {
        try (Client client = client(hosts)) {
            var _ = client.addAuth(
                    "digest", Credentials.proof(password).getBytes(StandardCharsets.UTF_8)); // goes first
            client.blocking().reconfig(change).value();
            return Optional.empty();
        } catch (ClientException failed) {
            return Optional.of(String.valueOf(failed.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the operator is stopping");
        }
    }

    @Override
    public Optional<String> handOver(String host, String password) {
        URI uri = URI.create("http://" + inUri(host) + ":" + Blueprint.ADMIN_PORT + "/commands/hand_over");
        var request = HttpRequest.newBuilder(uri)
                .timeout(HAND_OVER_MAX)
                .header("Authorization", "digest " + Credentials.proof(password))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(HAND_OVER_MAX).build()) {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? Optional.empty()
                    : Optional.of(answer.body().strip().replaceAll("\\s+", " "));
        } catch (IOException failed) {
            return Optional.of(host + " does not answer: " + failed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the operator is stopping");
        }
    }

    private static Client client(List<String> hosts) {
        String servers = hosts.stream()
                .map(host -> inUri(host) + ":" + Blueprint.CLIENT_PORT)
                .collect(Collectors.joining(","));
        return Client.builder(servers).sessionTimeout(SESSION).start();
    }

    /** A pod's address may be of IPv6. */
    private static String inUri(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    private static Optional<String> ask(String host, String word) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(host, Blueprint.CLIENT_PORT), TIMEOUT_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            byte[] answer = socket.getInputStream().readNBytes(ANSWER_BYTES_MAX);
            return Optional.of(new String(answer, StandardCharsets.UTF_8));
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }
}
