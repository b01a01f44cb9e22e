package dev.paddock.e2e.differential;

import dev.paddock.wire.OpCode;
import dev.paddock.wire.Writer;
import java.io.IOException;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.RealmChoiceCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;

/** A client's side of one SASL exchange by DIGEST-MD5: what it sends next. */
final class Login {
    private final SaslClient client;
    private final Step.Login step;

    Login(Step.Login step) throws IOException {
        this.step = step;
        this.client = Sasl.createSaslClient(
                new String[] {"DIGEST-MD5"}, null, "zookeeper", "zk-sasl-md5", Map.of(), this::answer);
    }

    private void answer(Callback[] asked) {
        for (Callback each : asked) {
            switch (each) {
                case NameCallback name -> name.setName(step.user());
                case PasswordCallback secret -> secret.setPassword(step.secret().toCharArray());
                case RealmCallback realm -> realm.setText(realm.getDefaultText());
                case RealmChoiceCallback realms -> realms.setSelectedIndex(realms.getDefaultChoice());
                default -> {}
            }
        }
    }

    /** Without a token. */
    Ask first() {
        return ask(new byte[0]);
    }

    /** What follows a challenge. */
    Ask next(byte[] challenge) throws SaslException {
        byte[] token = client.evaluateChallenge(challenge);
        if (step.isSpoilt()) token[token.length / 2] ^= 1;
        return ask(token);
    }

    private Ask ask(byte[] token) {
        var body = new Writer(token.length + 4);
        body.writeBuffer(token);
        return new Ask(step.xid(), OpCode.SASL, body.toByteArray());
    }
}
