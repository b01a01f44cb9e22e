package dev.paddock.node.net;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paddock.node.front.SaslLogin;
import dev.paddock.node.fuzz.Golden;
import dev.paddock.node.fuzz.Hostile;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client answers the challenge of DIGEST-MD5 with: nobody who does not know the password is let in, and nothing else happens. */
class SaslFuzzTest {
    private static final int PER_BYTE = 1024;
    private static final DigestMd5 MECHANISM = new DigestMd5(Map.of("keeper", () -> "hay"));

    static Stream<Arguments> seeds() {
        return Stream.of(
                        "charset=utf-8,username=\"keeper\",realm=\"zk-sasl-md5\",nonce=\"x\",nc=00000001,cnonce=\"y\","
                                + "digest-uri=\"zookeeper/zk-sasl-md5\",maxbuf=65536,"
                                + "response=00112233445566778899aabbccddeeff,qop=auth",
                        "username=\"keeper\",nonce=\"x\\\"\",nc=zz,qop=auth-conf,cipher=rc4")
                .map(text -> Golden.seed(text.substring(0, 20), text.getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("seeds")
    @FuzzTest
    void refuses(byte[] token) {
        SaslLogin.Step step = Hostile.decoded(
                        token.length, PER_BYTE, () -> answered(token), IllegalStateException.class)
                .orElseThrow();
        if (step instanceof SaslLogin.Step.Proved) throw new AssertionError("let in");
    }

    private static SaslLogin.Step answered(byte[] token) {
        SaslLogin.Exchange exchange = MECHANISM.begin();
        exchange.next(new byte[0]);
        SaslLogin.Step step = exchange.next(token);
        exchange.next(token); // a client may go on all the same
        return step;
    }
}
