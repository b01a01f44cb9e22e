package dev.paddock.cli.migrate;

import dev.paddock.node.members.Address;
import dev.paddock.operator.migration.Engine;
import dev.paddock.operator.migration.Member;
import dev.paddock.operator.migration.Observation;
import dev.paddock.operator.migration.Presence;
import dev.paddock.operator.migration.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What is seen and what is to be done, as lines for people. */
final class Shown {
    private static final String ROW = "  %-6s  %-9s  %-23s  %-17s  %-10s  %s";

    private Shown() {}

    /** One row for each member. */
    static List<String> table(Observation seen, Roster roster) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, ROW, "MEMBER", "ROLE", "SERVER", "ZXID", "MISMATCHES", "ADDRESS"));
        for (Member member : seen.members()) {
            String address =
                    roster.place(member.id()).client().map(Address::toString).orElse("not known");
            lines.add(row(member, address));
        }
        return lines;
    }

    private static String row(Member member, String address) {
        return switch (member.presence()) {
            case Presence.Serving s ->
                String.format(
                        Locale.ROOT,
                        ROW,
                        member.id(),
                        s.role().name().toLowerCase(Locale.ROOT),
                        s.release().shown(),
                        "0x" + Long.toHexString(s.zxid()),
                        s.mismatches().known().map(String::valueOf).orElse("not told"),
                        address);
            case Presence.NotServing() -> absent(member, "not serving", address);
            case Presence.Down() -> absent(member, "no process", address);
            case Presence.Unreachable _ -> absent(member, "does not answer", address);
        };
    }

    private static String absent(Member member, String what, String address) {
        String role = member.votes() ? "voter" : "observer";
        return String.format(Locale.ROOT, ROW, member.id(), role, what, "", "", address);
    }

    /** The steps from here, numbered, each with what to run. */
    static List<String> outlook(List<Step> steps, Roster roster) {
        List<String> lines = new ArrayList<>();
        int number = 0;
        for (Step step : steps) {
            switch (step) {
                case Step.Start(long id, Engine engine, String _) -> {
                    lines.add("  " + ++number + ". " + of(step));
                    lines.add("       " + starting(engine, roster.place(id)));
                    lines.add("       " + goOn(id, engine));
                }
                case Step.Replace(long id, Engine engine, String _) -> {
                    lines.add("  " + ++number + ". " + of(step));
                    lines.add("       " + stopping(engine));
                    lines.add("       " + starting(engine, roster.place(id)));
                    lines.add("       " + goOn(id, engine));
                }
                case Step.Done _, Step.Wait _, Step.Refuse _ -> lines.add((number > 0 ? "Then " : "") + of(step));
            }
        }
        return lines;
    }

    /** What stands in nobody's way and is good to know: a line each. */
    static List<String> notes(Observation seen, Roster roster, Look look) {
        List<String> notes = new ArrayList<>();
        for (Place place : roster.places()) {
            place.config().ifPresent(config -> notes.addAll(config.node().warnings()));
        }
        untested(seen)
                .forEach((release, ids) -> notes.add("members " + ids + " run " + release
                        + "; of ZooKeeper's releases 3.9.5 alone is tested beside Paddock"));
        List<Long> unseen = look.withUnknownFlags(seen);
        if (!unseen.isEmpty()) {
            notes.add("the flags (-Dzookeeper.…) of the JVMs of members " + unseen
                    + " cannot be looked at from here; look at them yourself");
        }
        look.apart()
                .forEach(
                        (words, ids) -> notes.add(
                                "the JVMs of members " + ids + " were started with " + words
                                        + ", which Paddock's are not; say in PADDOCK_JAVA_OPTS, where you start it, what it shall have"));
        return notes.stream().distinct().map(note -> "note: " + note).toList();
    }

    private static Map<String, List<Long>> untested(Observation seen) {
        Map<String, List<Long>> untested = new TreeMap<>();
        for (Member member : seen.members()) {
            member.serving()
                    .map(Presence.Serving::release)
                    .filter(release -> release.mayBeMixed() && !release.isTested())
                    .ifPresent(release -> untested.computeIfAbsent(release.shown(), _ -> new ArrayList<>())
                            .add(member.id()));
        }
        return untested;
    }

    /** In one line. */
    static String of(Step step) {
        return switch (step) {
            case Step.Start(long id, Engine engine, String why) ->
                "member " + id + ": start " + engine.shown() + " (" + why + ")";
            case Step.Replace(long id, Engine engine, String why) ->
                "member " + id + ": stop " + other(engine).shown() + ", start " + engine.shown() + " (" + why + ")";
            case Step.Done(String why) -> "done: " + why;
            case Step.Wait(String why) -> "wait: " + why;
            case Step.Refuse(String why, String remedy) -> "not possible: " + why + ". What to do: " + remedy;
        };
    }

    static Engine other(Engine engine) {
        return engine == Engine.PADDOCK ? Engine.ZOOKEEPER : Engine.PADDOCK;
    }

    private static String stopping(Engine toStart) {
        return toStart == Engine.PADDOCK
                ? "zkServer.sh stop            # or as that machine stops its service; nothing may start it again"
                : "kill PID_OF_PADDOCK         # SIGTERM, or as that machine stops its service";
    }

    private static String starting(Engine engine, Place place) {
        String file = place.config()
                .filter(Place.Config::isLocal)
                .map(config -> config.file().toString())
                .orElse("zoo.cfg");
        return engine == Engine.PADDOCK ? "./paddock node " + file : "zkServer.sh start " + file;
    }

    private static String goOn(long id, Engine engine) {
        return "# go on when `paddock migrate status` shows member " + id + " serving as " + engine.shown()
                + " and names the next step";
    }
}
