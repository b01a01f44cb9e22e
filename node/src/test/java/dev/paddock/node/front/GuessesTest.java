package dev.paddock.node.front;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.request.Schemes;
import dev.paddock.wire.Request;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That whoever guesses passwords has to wait, and nobody else. */
class GuessesTest {
    private static final AuthConfig AUTH = new AuthConfig(
            Schemes.DEFAULT,
            "SHA1",
            Optional.of("root:qScoE+LkbrbWBh/au3OD5Aq2Yx0="),
            Optional.empty(),
            List.of(),
            Optional.of(() -> token ->
                    token.length == 0 ? new SaslLogin.Step.Challenge(new byte[] {1}) : new SaslLogin.Step.Failed()),
            Set.of(),
            false);

    private final Rig rig = new Rig(FrontLimits.DEFAULT, AUTH);

    private static void prove(FakeClient client, String userAndPassword) {
        client.request(-4, new Request.Auth(0, "digest", userAndPassword.getBytes(UTF_8)));
    }

    @Test
    void whoGuessesThePasswordOfTheSuperUserWaits() {
        FakeClient client = rig.client();
        for (int i = 0; i < Guesses.FREE; i++) prove(client, "root:guess" + i);
        assertThat(client.takes).isTrue();
        prove(client, "root:another");
        assertThat(client.takes).isFalse();
        assertThat(client.got()).hasSize(Guesses.FREE + 1).allMatch(got -> got.err() == 0);
        rig.frontend.tick(Guesses.WAIT_NANOS - 1);
        assertThat(client.takes).isFalse();
        rig.frontend.tick(Guesses.WAIT_NANOS);
        assertThat(client.takes).isTrue();
    }

    @Test
    void whoProvesHimselfOrSomebodyElseDoesNot() {
        FakeClient client = rig.client();
        for (int i = 0; i < Guesses.FREE + 5; i++) prove(client, "root:pw");
        for (int i = 0; i < Guesses.FREE + 5; i++) prove(client, "rooter:guess" + i);
        assertThat(client.takes).isTrue();
        assertThat(client.connection.ids).anyMatch(id -> id.scheme().equals("super"));
    }

    /** A failed exchange closes its connection, so the next one of the address waits before its password is looked at. */
    @Test
    void whoGuessesPasswordsOfSaslWaitsOnTheNextConnection() {
        for (int i = 0; i <= Guesses.FREE; i++) {
            FakeClient client = rig.client();
            client.request(1, new Request.Sasl(new byte[0]));
            assertThat(client.takes).isTrue();
            client.request(2, new Request.Sasl(new byte[1]));
            assertThat(client.closed).isEqualTo(CloseReason.AUTH_FAILED);
            rig.submissions.clear();
        }
        FakeClient client = rig.client();
        client.request(1, new Request.Sasl(new byte[0]));
        assertThat(client.takes).isFalse();
        rig.frontend.tick(Guesses.WAIT_NANOS);
        assertThat(client.takes).isTrue();
    }

    @Test
    void aClosedConnectionIsNotReadAgain() {
        FakeClient client = rig.client();
        for (int i = 0; i <= Guesses.FREE; i++) prove(client, "root:guess" + i);
        rig.frontend.closed(client.connection);
        client.readingChanges.clear();
        rig.frontend.tick(Guesses.WAIT_NANOS);
        assertThat(client.readingChanges).isEmpty();
    }
}
