package dev.paddock.node.front;

import dev.paddock.node.front.Authentication.Proof;
import dev.paddock.node.meter.Tally;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.WireException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How connections come to their identities. Answered at once and out of order, as by Apache ZooKeeper 3.9, with a zxid of 0;
 * what was asked before keeps the identities it was asked with.
 */
final class Proving {
    private static final long ZXID = 0;

    private final ClientLoop loop;
    private final Authentication authentication;
    private final Guesses guesses = new Guesses();

    Proving(ClientLoop loop) {
        this.loop = loop;
        this.authentication = loop.authentication;
    }

    /** Answers an auth packet; clients know the answer by its xid of -4. */
    void auth(Connection c, int xid, byte[] buf, int from, int to) {
        Request.Auth auth;
        try {
            auth = (Request.Auth) Request.read(OpCode.AUTH, new Reader(buf, from, to));
        } catch (WireException e) {
            loop.close(c, CloseReason.MALFORMED);
            return;
        }
        String scheme = auth.scheme() == null ? "" : auth.scheme();
        Proof proof = authentication.prove(scheme, auth.token(), c.ip, c.ids);
        if (scheme.equals("ensemble")) countEnsemble(proof, auth.token());
        switch (proof) {
            case Proof.Accepted(List<Id> ids)
            when addAll(c, ids) -> {
                if (authentication.isFailedSuper(ids)) guesses.failed(c, loop.nowNanos);
                Frames.bare(loop.out(c), xid, ZXID, 0);
                loop.notified(c);
            }
            case Proof.Accepted tooMany -> refuse(c, xid, ErrorCode.AUTH_FAILED, CloseReason.AUTH_FAILED);
            case Proof.Refused refused -> refuse(c, xid, ErrorCode.AUTH_FAILED, CloseReason.AUTH_FAILED);
            case Proof.Stranger stranger -> loop.close(c, CloseReason.STRANGER);
        }
    }

    private void countEnsemble(Proof proof, byte @Nullable [] token) {
        if (proof instanceof Proof.Stranger) loop.meter.tallies.count(Tally.ENSEMBLE_REFUSED);
        else if (!(proof instanceof Proof.Accepted)) return;
        else if (authentication.looksAtEnsemble(token)) loop.meter.tallies.count(Tally.ENSEMBLE_PROVED);
        else loop.meter.tallies.count(Tally.ENSEMBLE_UNASKED);
    }

    /** Answers one step of a SASL exchange. Without a SASL login the answer is no token, and the client goes on as nobody. */
    void sasl(Connection c, int xid, byte[] buf, int from, int to) {
        byte[] token;
        try {
            token = ((Request.Sasl) Request.read(OpCode.SASL, new Reader(buf, from, to))).token();
        } catch (WireException e) {
            token = null;
        }
        if (token == null) {
            loop.close(c, CloseReason.MALFORMED);
            return;
        }
        if (c.sasl == null) c.sasl = authentication.saslExchange();
        if (c.sasl == null) {
            answer(c, xid, new Response.Sasl(null));
            return;
        }
        switch (c.sasl.next(token)) {
            case SaslLogin.Step.Challenge(byte[] challenge) -> {
                guesses.awaitIfFailed(c, loop.nowNanos);
                answer(c, xid, new Response.Sasl(challenge));
            }
            case SaslLogin.Step.Proved(String user, byte[] last)
            when addAll(c, authentication.saslIds(user)) -> answer(c, xid, new Response.Sasl(last));
            case SaslLogin.Step.Proved tooMany -> saslFailed(c, xid);
            case SaslLogin.Step.Failed failed -> saslFailed(c, xid);
        }
    }

    private void answer(Connection c, int xid, Response.Sasl response) {
        Frames.reply(loop.out(c), xid, ZXID, response);
        loop.notified(c);
    }

    private void saslFailed(Connection c, int xid) {
        guesses.failed(c, loop.nowNanos);
        if (authentication.letsFailedSaslStay()) {
            answer(c, xid, new Response.Sasl(null));
            return;
        }
        ErrorCode error =
                authentication.isSaslRequired() ? ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH : ErrorCode.AUTH_FAILED;
        int start = Frames.begin(loop.out(c), xid, ZXID);
        new Response.Sasl(null).write(loop.out(c)); // an error with a body, unlike any other
        Frames.end(loop.out(c), start, error.code());
        loop.notified(c);
        loop.close(c, CloseReason.AUTH_FAILED);
    }

    /** Time has passed. */
    void tick() {
        guesses.letGo(loop);
    }

    /** Answers somebody who asks something before the proof that this server requires. */
    void refuseUnproved(Connection c, int xid) {
        refuse(c, xid, ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH, CloseReason.AUTH_REQUIRED);
    }

    private void refuse(Connection c, int xid, ErrorCode error, CloseReason reason) {
        Frames.bare(loop.out(c), xid, ZXID, error.code());
        loop.notified(c);
        loop.close(c, reason);
    }

    /** False if the connection would then have too many ids, or too long ones. */
    boolean addAll(Connection c, List<Id> ids) {
        for (Id id : ids) {
            if (!c.ids.contains(id) && !add(c, id)) return false;
        }
        return true;
    }

    private boolean add(Connection c, Id id) {
        int bytes = Identities.bytes(id);
        if (c.ids.size() >= loop.limits.idsMax() || bytes > loop.limits.idBytesMax() - c.idBytes) return false;
        c.ids = Identities.plus(c.ids, id);
        c.idBytes += bytes;
        return true;
    }
}
