package dev.paddock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Decoding undoes encoding, for records with any values. */
final class RoundTripTest {
    /** A request whose answer has this form, where the form alone does not say. */
    private static final Map<Class<?>, Integer> ANSWERED = Map.ofEntries(
            Map.entry(Response.Create.class, OpCode.CREATE),
            Map.entry(Response.Create2.class, OpCode.CREATE2),
            Map.entry(Response.Exists.class, OpCode.EXISTS),
            Map.entry(Response.GetData.class, OpCode.GET_DATA),
            Map.entry(Response.SetData.class, OpCode.SET_DATA),
            Map.entry(Response.GetAcl.class, OpCode.GET_ACL),
            Map.entry(Response.SetAcl.class, OpCode.SET_ACL),
            Map.entry(Response.GetChildren.class, OpCode.GET_CHILDREN),
            Map.entry(Response.GetChildren2.class, OpCode.GET_CHILDREN2),
            Map.entry(Response.GetChildrenPage.class, OpCode.GET_CHILDREN_PAGE),
            Map.entry(Response.Sync.class, OpCode.SYNC),
            Map.entry(Response.Multi.class, OpCode.MULTI),
            Map.entry(Response.Reconfig.class, OpCode.RECONFIG),
            Map.entry(Response.Sasl.class, OpCode.SASL),
            Map.entry(Response.GetEphemerals.class, OpCode.GET_EPHEMERALS),
            Map.entry(Response.GetAllChildrenNumber.class, OpCode.GET_ALL_CHILDREN_NUMBER),
            Map.entry(Response.AddWatch.class, OpCode.ADD_WATCH),
            Map.entry(Response.WhoAmI.class, OpCode.WHO_AM_I),
            Map.entry(Response.Empty.class, OpCode.DELETE));

    /** As long as a digest and begun like one, so that it reads as no list and a digest. No path is empty. */
    private static final Txn TWO_EMPTY_PATHS = new Txn.CloseSession(List.of("", ""));

    private interface Writable {
        void write(Writer w);
    }

    @Property
    void requests(@ForAll long seed) {
        Request request = new Generated(seed).value(Request.class);
        assertSame(request, request::write, r -> Request.read(request.opCode(), r));
    }

    @Property
    void responses(@ForAll long seed) {
        Response response = new Generated(seed).value(Response.class);
        Integer type = ANSWERED.get(response.getClass());
        if (type == null) { // only in a multi
            response = new Response.Multi(List.of((Response.Result) response));
            type = OpCode.MULTI;
        }
        int answered = type;
        assertSame(response, response::write, r -> Response.read(answered, r));
    }

    @Property
    void transactions(@ForAll long seed) {
        var generated = new Generated(seed);
        Txn txn = generated.value(Txn.class);
        Assume.that(!txn.equals(TWO_EMPTY_PATHS));
        TxnHeader header = new TxnHeader(
                generated.number(), (int) generated.number(), generated.number(), generated.number(), txn.type());
        TxnRecord bare = new TxnRecord(header, txn);
        assertThat(TxnRecord.parse(bare.toBytes())).isEqualTo(bare);
        var digested = new TxnRecord(header, txn, Optional.of(new TxnDigest(TxnDigest.VERSION, generated.number())));
        assertThat(TxnRecord.parse(digested.toBytes())).isEqualTo(digested);
    }

    @Property
    void headersAndHandshakes(@ForAll long seed) {
        var generated = new Generated(seed);
        ConnectRequest connect = generated.value(ConnectRequest.class);
        assertSame(connect, connect::write, ConnectRequest::read);
        ConnectResponse connected = generated.value(ConnectResponse.class);
        assertSame(connected, connected::write, ConnectResponse::read);
        RequestHeader request = generated.value(RequestHeader.class);
        assertSame(request, request::write, RequestHeader::read);
        ReplyHeader reply = generated.value(ReplyHeader.class);
        assertSame(reply, reply::write, ReplyHeader::read);
        WatcherEvent event = generated.value(WatcherEvent.class);
        assertSame(event, event::write, WatcherEvent::read);
    }

    @Property
    void quorumPackets(@ForAll long seed) {
        var generated = new Generated(seed);
        QuorumPacket any = generated.value(QuorumPacket.class);
        int type = Math.floorMod(any.type(), QuorumPacket.INFORMANDACTIVATE) + 1;
        var packet = new QuorumPacket(type, any.zxid(), any.data(), any.authinfo());
        assertSame(packet, packet::write, QuorumPacket::read);
        var auth = new QuorumAuth(Math.floorMod(any.type(), 3) - 1, any.data());
        assertSame(auth, auth::write, QuorumAuth::read);
    }

    @Property
    void quorumData(@ForAll long seed) {
        var generated = new Generated(seed);
        LearnerInfo learner = generated.value(LearnerInfo.class);
        assertThat(LearnerInfo.parse(learner.toBytes())).isEqualTo(learner);
        LeaderInfo leader = generated.value(LeaderInfo.class);
        assertThat(LeaderInfo.parse(leader.toBytes())).isEqualTo(leader);
        AckEpoch ack = generated.value(AckEpoch.class);
        assertThat(AckEpoch.parse(ack.toBytes())).isEqualTo(ack);
        Revalidate asked = generated.value(Revalidate.class);
        assertThat(Revalidate.parse(asked.toBytes())).isEqualTo(asked);
        Revalidated answered = generated.value(Revalidated.class);
        assertThat(Revalidated.parse(answered.toBytes())).isEqualTo(answered);
        ForwardedRequest forwarded = generated.value(ForwardedRequest.class);
        assertThat(ForwardedRequest.parse(forwarded.toBytes())).isEqualTo(forwarded);
        Activation activation = generated.value(Activation.class);
        assertThat(Activation.parse(activation.toBytes())).isEqualTo(activation);
        List<SessionTouch> touches = List.of(generated.value(SessionTouch.class), generated.value(SessionTouch.class));
        assertThat(SessionTouch.parse(SessionTouch.toBytes(touches))).isEqualTo(touches);
    }

    @Property
    void elections(@ForAll long seed) {
        var generated = new Generated(seed);
        Notification any = generated.value(Notification.class);
        String config = any.config() == null ? "" : any.config();
        var notification = new Notification(
                any.state() & 3,
                any.leader(),
                any.zxid(),
                any.electionEpoch(),
                any.peerEpoch(),
                Notification.VERSION,
                config);
        assertThat(Notification.parse(notification.toBytes())).isEqualTo(notification);
        var hello = new Hello(
                generated.number() & Long.MAX_VALUE, seed % 2 == 0 ? List.of("a:1") : List.of("a:1", "[::1]:2"));
        assertSame(hello, hello::write, Hello::read);
        var w = new Writer(16);
        hello.write(w);
        assertThat(Hello.length(new Reader(w.toByteArray()))).isEqualTo(w.length());
    }

    private static void assertSame(Object value, Writable encoder, Function<Reader, ?> decoder) {
        var w = new Writer(0);
        encoder.write(w);
        var r = new Reader(w.array(), 0, w.length());
        assertThat(decoder.apply(r)).isEqualTo(value);
        r.requireEnd();
    }
}
