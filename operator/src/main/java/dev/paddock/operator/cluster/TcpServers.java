package dev.paddock.operator.cluster;

import dev.paddock.client.Client;
import dev.paddock.client.ClientBuilder;
import dev.paddock.client.ClientException;
import dev.paddock.client.Reconfiguration;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.migration.Answers;
import dev.paddock.operator.migration.Finding;
import dev.paddock.operator.migration.Finding.Known;
import dev.paddock.operator.migration.Finding.Unknown;
import dev.paddock.operator.migration.Presence;
import dev.paddock.operator.planner.Membership;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
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
    public Optional<Report> report(Place server) {
        return ask(server, "srvr").flatMap(Report::parse);
    }

    @Override
    public Optional<Membership> members(Place server) {
        return ask(server, "conf").flatMap(Membership::parse);
    }

    @Override
    public Presence presence(Place server) {
        return ask(server, "srvr")
                .flatMap(Answers::server)
                .<Presence>map(told -> new Presence.Serving(
                        told.release(),
                        told.role(),
                        told.zxid(),
                        finding(server, "mntr", Answers::mismatches),
                        finding(server, "hash", Answers::digests),
                        finding(server, "conf", Answers::membership)))
                .orElseGet(Presence.NotServing::new);
    }

    private static <T> Finding<T> finding(Place server, String word, Function<String, Optional<T>> reader) {
        return ask(server, word)
                .flatMap(reader)
                .<Finding<T>>map(Known::new)
                .orElseGet(() -> new Unknown<>("does not answer " + word, SINCE));
    }

    @Override
    public boolean ring(Place server) {
        try (Client client = client(List.of(server))) {
            client.connected().get(SESSION.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("no session at {}", server.host(), e); // the next look tells what came of it
        }
        return false;
    }

    @Override
    public Optional<String> reconfigure(List<Place> any, Reconfiguration change, String password) {
        try (Client client = client(any)) {
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

    /** Of some servers alike: those with TLS, or all if none of them has it. */
    private static Client client(List<Place> any) {
        Optional<SslContext> tls =
                any.stream().flatMap(server -> server.tls().stream()).findFirst();
        String servers = any.stream()
                .filter(server -> server.tls().isPresent() == tls.isPresent())
                .map(server -> inUri(server.host()) + ":" + port(server))
                .collect(Collectors.joining(","));
        ClientBuilder builder = Client.builder(servers).sessionTimeout(SESSION);
        tls.ifPresent(context -> builder.tls(() -> context));
        return builder.start();
    }

    private static int port(Place server) {
        return server.tls().isPresent() ? Blueprint.SECURE_CLIENT_PORT : Blueprint.CLIENT_PORT;
    }

    /** A pod's address may be of IPv6. */
    private static String inUri(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    private static Optional<String> ask(Place server, String word) {
        try (Socket plain = new Socket()) {
            plain.setSoTimeout(TIMEOUT_MILLIS);
            plain.connect(new InetSocketAddress(server.host(), port(server)), TIMEOUT_MILLIS);
            Socket socket =
                    server.tls().isPresent() ? within(plain, server.tls().get()) : plain;
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            byte[] answer = socket.getInputStream().readNBytes(ANSWER_BYTES_MAX);
            return Optional.of(new String(answer, StandardCharsets.UTF_8));
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }

    private static Socket within(Socket plain, SslContext tls) throws IOException {
        return ((JdkSslContext) tls)
                .context()
                .getSocketFactory()
                .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), false);
    }
}
