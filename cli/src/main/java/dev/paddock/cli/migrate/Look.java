package dev.paddock.cli.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.cli.migrate.Words.Answer;
import dev.paddock.node.members.Address;
import dev.paddock.operator.migration.Answers;
import dev.paddock.operator.migration.Engine;
import dev.paddock.operator.migration.Finding;
import dev.paddock.operator.migration.Finding.Known;
import dev.paddock.operator.migration.Finding.Unknown;
import dev.paddock.operator.migration.Member;
import dev.paddock.operator.migration.Observation;
import dev.paddock.operator.migration.Presence;
import dev.paddock.operator.migration.Presence.Membership;
import dev.paddock.operator.planner.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Asks all members what they are, at the same time. The leader is asked for its zxid before the others are for theirs: who is in sync has
 * that one by then, however many transactions come meanwhile.
 */
public final class Look {
    private static final String ALLOW =
            "add %s to 4lw.commands.whitelist in its zoo.cfg and restart it, or have its admin"
                    + " port open (admin.enableServer) and give its zoo.cfg here";

    private final Roster roster;
    private final Function<Place, Optional<Flags>> flags;
    private final Map<Long, Flags> known = new ConcurrentHashMap<>(); // flags of Apache's servers, by id

    /** @param flags of the JVM that runs there, if they can be looked at; asked once for each server of Apache's */
    Look(Roster roster, Function<Place, Optional<Flags>> flags) {
        this.roster = roster;
        this.flags = flags;
    }

    /**
     * At the members whose files these are, and who were started without flags that matter.
     *
     * @param configs the {@code zoo.cfg} of every member, on this machine
     * @throws dev.paddock.cli.CommandFailed if one cannot be read, or they are not of one ensemble
     */
    public static Look atFiles(List<Path> configs) {
        return new Look(Roster.ofFiles(configs.stream().map(Path::toString).toList()), _ -> Optional.empty());
    }

    /** Asks them all. */
    public Observation take() throws InterruptedException {
        long committed = committed();
        if (committed != 0 && (int) committed == 0) {
            ring(); // a new leader's zxid is no transaction, so who has all of them cannot show it before there is one
            committed = committed();
        }
        List<Member> members = all(this::member);
        return new Observation(members, roster.quorum(), committed);
    }

    private Member member(Place place) {
        Presence presence = presence(place);
        boolean isApaches =
                presence instanceof Presence.Serving s && s.release().engine() == Engine.ZOOKEEPER;
        if (isApaches && !known.containsKey(place.id())) {
            flags.apply(place).ifPresent(found -> known.put(place.id(), found));
        }
        if (!isApaches) known.remove(place.id());
        return new Member(
                place.id(),
                place.votes(),
                presence,
                place.settings(Optional.ofNullable(known.get(place.id())).map(Flags::properties)));
    }

    /** Of Apache's servers in the last look: which of them were started with what else, see {@link Flags#apart}. */
    Map<String, List<Long>> apart() {
        Map<String, List<Long>> apart = new TreeMap<>();
        new TreeMap<>(known).forEach((id, flags) -> {
            String words = String.join(" ", flags.apart());
            if (!words.isEmpty())
                apart.computeIfAbsent(words, _ -> new ArrayList<>()).add(id);
        });
        return apart;
    }

    /** Those of Apache's servers in the last look whose flags could not be looked at. */
    List<Long> withUnknownFlags(Observation seen) {
        return seen.members().stream()
                .filter(member -> member.runs(Engine.ZOOKEEPER) && !known.containsKey(member.id()))
                .map(Member::id)
                .toList();
    }

    /** Whether a session could be opened through that member; its transactions are ones that every member hashes. */
    public boolean visits(long id) throws InterruptedException {
        return Visit.to(roster.place(id).client().orElseThrow()).isPresent();
    }

    /** Whether that member serves, by its own word alone. */
    boolean serves(long id) {
        return server(roster.place(id)).isPresent();
    }

    /** The newest zxid of any that leads; 0 if nobody does. */
    private long committed() {
        return leaders().stream()
                .map(Answers.Server::zxid)
                .max(Long::compareUnsigned)
                .orElse(0L);
    }

    private List<Answers.Server> leaders() {
        return all(Look::server).stream()
                .flatMap(Optional::stream)
                .filter(server -> server.role() == Role.LEADER)
                .toList();
    }

    private void ring() throws InterruptedException {
        for (Place place : roster.places()) {
            boolean leads = server(place).filter(s -> s.role() == Role.LEADER).isPresent();
            if (leads) Visit.to(place.client().orElseThrow());
        }
    }

    private static Optional<Answers.Server> server(Place place) {
        return place.client().flatMap(address -> said(address, "srvr")).flatMap(Answers::server);
    }

    /** A machine with too much to do may be silent once. */
    private static Optional<String> said(Address address, String word) {
        Answer answer = Words.ask(address, word);
        if (answer instanceof Answer.Silence) answer = Words.ask(address, word);
        return answer instanceof Answer.Said(String text) ? Optional.of(text) : Optional.empty();
    }

    private <T> List<T> all(Function<Place, T> question) {
        List<CompletableFuture<T>> answers = new ArrayList<>();
        for (Place place : roster.places()) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            answers.add(answer);
            Thread.ofVirtual().start(() -> {
                try {
                    answer.complete(question.apply(place));
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private static Presence presence(Place place) {
        if (place.client().isEmpty()) {
            return new Presence.Unreachable("has no client address in what was given; name its zoo.cfg, or --server");
        }
        Address address = place.client().get();
        return switch (Words.ask(address, "srvr")) {
            case Answer.NobodyThere() -> new Presence.Down();
            case Answer.Silence(String why) -> new Presence.Unreachable(why);
            case Answer.NotAllowed() -> new Presence.Unreachable("does not answer srvr; " + ALLOW.formatted("srvr"));
            case Answer.Said(String text) ->
                Answers.server(text)
                        .<Presence>map(server -> serving(place, address, server))
                        .orElseGet(() -> notServing(address, text));
        };
    }

    private static Presence notServing(Address address, String text) {
        return text.toLowerCase(Locale.ROOT).contains("zookeeper")
                ? new Presence.NotServing()
                : new Presence.Unreachable("answers nothing that a ZooKeeper server would at " + address
                        + " (somebody else may have that port)");
    }

    private static Presence serving(Place place, Address address, Answers.Server server) {
        return new Presence.Serving(
                server.release(),
                server.role(),
                server.zxid(),
                finding(place, "mntr", Answers::mismatches, "monitor", Report::mismatches),
                finding(place, "hash", Answers::digests, "hash", Report::digests),
                membership(address));
    }

    /** By the four letter word, else by the admin command. */
    private static <T> Finding<T> finding(
            Place place,
            String word,
            Function<String, Optional<T>> ofText,
            String command,
            Function<JsonNode, Optional<T>> ofJson) {
        return said(place.client().orElseThrow(), word)
                .flatMap(ofText)
                .or(() -> place.adminUrl()
                        .flatMap(url -> Words.admin(url, command).or(() -> Words.admin(url, command)))
                        .flatMap(ofJson))
                .<Finding<T>>map(Known::new)
                .orElseGet(() -> new Unknown<>("does not answer " + word, ALLOW.formatted(word)));
    }

    /** By {@code conf}; where that is not allowed, by a session, which anybody may open. */
    private static Finding<Membership> membership(Address address) {
        return said(address, "conf")
                .flatMap(Answers::membership)
                .or(() -> visited(address))
                .<Finding<Membership>>map(Known::new)
                .orElseGet(() -> new Unknown<>(
                        "answers neither conf nor a session that reads /zookeeper/config", ALLOW.formatted("conf")));
    }

    private static Optional<Membership> visited(Address address) {
        try {
            return Visit.to(address).map(Visit::membership);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
