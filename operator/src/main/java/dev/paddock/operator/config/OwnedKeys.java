package dev.paddock.operator.config;

import dev.paddock.client.BlockingClient;
import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.client.NodeData;
import dev.paddock.client.Op;
import dev.paddock.client.OpResult;
import dev.paddock.client.Reply;
import dev.paddock.wire.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The keys of one object under one path. Each change is one transaction that also moves the claim on the path. */
final class OwnedKeys {
    private static final int ATTEMPTS = 5;

    private final KeyWriter writer;
    private final BlockingClient client;
    private final String path;
    private final Claim.Owner owner;

    OwnedKeys(Client client, String path, Claim.Owner owner) {
        this.writer = new KeyWriter(client);
        this.client = client.blocking();
        this.path = path;
        this.owner = owner;
    }

    /** What came of it. */
    sealed interface Outcome {
        /**
         * The keys are as wanted.
         *
         * @param repaired how many had to be changed
         * @param zxid of the transaction that last changed what is wanted
         */
        record Kept(int repaired, long zxid) implements Outcome {}

        /** Another object has the path; nothing was changed. */
        record Taken(Claim.Owner by) implements Outcome {}

        /** The claim cannot be read; nothing was changed. */
        record Unreadable(String znode) implements Outcome {}
    }

    /** What is read of the claim. */
    private record Found(Optional<Claim> claim, int version, long mzxid, boolean exists) {}

    /**
     * Brings the keys to what is wanted.
     *
     * @param wanted name to value
     * @param isGone whether an owner exists no more, so that its path may be taken over
     * @throws dev.paddock.client.ClientException if the ensemble does not answer or goes on refusing
     */
    Outcome apply(SortedMap<String, byte[]> wanted, String hash, Predicate<Claim.Owner> isGone)
            throws InterruptedException {
        SortedMap<String, byte[]> znodes = new TreeMap<>();
        wanted.forEach((key, value) -> znodes.put(path + "/" + key, value));
        Claim claim = new Claim(owner, List.copyOf(wanted.keySet()), hash);
        for (int attempt = 1; ; attempt++) {
            Found found = find();
            if (found.exists() && found.claim().isEmpty()) return new Outcome.Unreadable(Claim.znode(path));
            Optional<Claim.Owner> other = other(found).filter(isGone.negate());
            if (other.isPresent()) return new Outcome.Taken(other.get());
            KeyWriter.Change change = writer.plan(znodes, gone(found, wanted.keySet()));
            List<Op> ops = new ArrayList<>(change.ops());
            addClaim(claim, found, ops);
            if (ops.isEmpty()) return new Outcome.Kept(0, found.mzxid());
            Reply<List<OpResult>> reply = client.multi(ops);
            if (reply instanceof Reply.Ok<List<OpResult>>) return new Outcome.Kept(change.keys(), find().mzxid());
            if (attempt == ATTEMPTS) reply.value(); // throws the refusal
        }
    }

    /** Deletes the keys and the claim, if they are the owner's. The folders above stay. */
    void remove() throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Found found = find();
            if (found.claim()
                    .filter(claim -> claim.owner().uid().equals(owner.uid()))
                    .isEmpty()) return;
            List<Op> ops = new ArrayList<>(
                    writer.plan(new TreeMap<>(), gone(found, Set.of())).ops());
            ops.add(new Op.Delete(Claim.znode(path), found.version()));
            Reply<List<OpResult>> reply = client.multi(ops);
            if (reply instanceof Reply.Ok<List<OpResult>>) return;
            if (attempt == ATTEMPTS) reply.value();
        }
    }

    private Optional<Claim.Owner> other(Found found) {
        return found.claim().map(Claim::owner).filter(by -> !by.uid().equals(owner.uid()));
    }

    private Set<String> gone(Found found, Set<String> wanted) {
        Set<String> gone = new TreeSet<>();
        for (String key : found.claim().map(Claim::keys).orElse(List.of())) {
            if (!wanted.contains(key)) gone.add(path + "/" + key);
        }
        return gone;
    }

    /** The claim goes along with every change, so that of two writers one is refused. */
    private void addClaim(Claim claim, Found found, List<Op> ops) throws InterruptedException {
        String znode = Claim.znode(path);
        if (!found.exists()) {
            Set<String> created = new HashSet<>();
            for (Op op : ops) {
                if (op instanceof Op.Create) created.add(op.path());
            }
            writer.createParents(znode, created, ops);
            ops.add(Op.create(znode, claim.bytes(), CreateMode.PERSISTENT));
        } else if (!found.claim().equals(Optional.of(claim))) {
            ops.add(new Op.SetData(znode, claim.bytes(), found.version()));
        } else if (!ops.isEmpty()) {
            ops.add(new Op.Check(znode, found.version()));
        }
    }

    /** Not behind anything that was written before. */
    private Found find() throws InterruptedException {
        client.sync(path).value();
        return switch (client.getData(Claim.znode(path))) {
            case Reply.Ok<NodeData>(NodeData node, long zxid) ->
                new Found(
                        Claim.parse(node.data()),
                        node.stat().version(),
                        node.stat().mzxid(),
                        true);
            case Reply.Refused<NodeData> refused
            when refused.error() == ErrorCode.NO_NODE -> new Found(Optional.empty(), 0, 0, false);
            case Reply.Refused<NodeData> refused -> {
                refused.value();
                throw new IllegalStateException();
            }
        };
    }
}
