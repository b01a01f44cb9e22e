package dev.paddock.node.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paddock.wire.AckEpoch;
import dev.paddock.wire.Activation;
import dev.paddock.wire.ForwardedRequest;
import dev.paddock.wire.Hello;
import dev.paddock.wire.LeaderInfo;
import dev.paddock.wire.LearnerInfo;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumAuth;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Revalidate;
import dev.paddock.wire.Revalidated;
import dev.paddock.wire.SessionTouch;
import dev.paddock.wire.TxnRecord;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What servers send each other, and transactions, as they send and log them. */
class PeerFormatsFuzzTest {
    private static final List<Codec<?>> CODECS = List.of(
            Codec.of("packet", QuorumPacket::read, QuorumPacket::write),
            Codec.of("auth", QuorumAuth::read, QuorumAuth::write),
            Codec.of("hello", Hello::read, Hello::write),
            new Codec<>("notification", Notification::parse, Notification::toBytes),
            new Codec<>("txn", TxnRecord::parse, TxnRecord::toBytes),
            new Codec<>("forwarded", ForwardedRequest::parse, ForwardedRequest::toBytes),
            new Codec<>("activation", Activation::parse, Activation::toBytes),
            new Codec<>("touches", SessionTouch::parse, SessionTouch::toBytes),
            new Codec<>("revalidate", Revalidate::parse, Revalidate::toBytes),
            new Codec<>("revalidated", Revalidated::parse, Revalidated::toBytes),
            new Codec<>("learnerInfo", LearnerInfo::parse, LearnerInfo::toBytes),
            new Codec<>("leaderInfo", LeaderInfo::parse, LeaderInfo::toBytes),
            new Codec<>("ackEpoch", AckEpoch::parse, AckEpoch::toBytes));

    static Stream<Arguments> seeds() {
        return Stream.of("quorum", "election", "txn")
                .flatMap(Golden::vectors)
                .map(vector -> vector.with(Codec.index(CODECS, vector.form())));
    }

    @MethodSource("seeds")
    @FuzzTest
    void decodes(byte[] input) {
        Codec.decode(CODECS, input);
    }
}
