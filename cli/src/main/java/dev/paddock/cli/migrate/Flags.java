package dev.paddock.cli.migrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the system properties of a running server's JVM: what it was started with, or all that it has now. */
final class Flags {
    private static final String DEFINE = "-D";
    /** What java takes before its command line; what comes later counts. */
    private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");

    private static final String QUOTED = "\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'";
    private static final Pattern WORD = Pattern.compile("#.*|(?:" + QUOTED + "|[^\\s\"'#])+");
    private static final Pattern QUOTES = Pattern.compile(QUOTED);

    private Flags() {}

    /** From its process if that is here, else from its admin port; empty if neither can be looked at. */
    static Optional<Map<String, String>> of(Place place) {
        return ofProcess(place)
                .or(() -> place.adminUrl()
                        .flatMap(url -> Words.admin(url, "system_properties"))
                        .map(Report::properties));
    }

    private static Optional<Map<String, String>> ofProcess(Place place) {
        if (place.config().filter(Place.Config::isLocal).isEmpty()) return Optional.empty();
        NavigableSet<Long> pids = LocalServers.holders(place);
        if (pids.size() != 1) return Optional.empty();
        return ProcessHandle.of(pids.getFirst())
                .map(Flags::given)
                .filter(words -> !words.isEmpty())
                .map(Flags::defined);
    }

    /** Empty if it cannot be told. */
    private static List<String> given(ProcessHandle process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        if (!Files.exists(proc)) return LocalServers.words(process); // it has ended, or this is no Linux
        try {
            List<String> given = new ArrayList<>();
            String environment = Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1);
            for (String variable : VARIABLES) {
                for (String setting : environment.split("\0", -1)) {
                    if (setting.startsWith(variable + "="))
                        given.addAll(split(setting.substring(variable.length() + 1)));
                }
            }
            given.addAll(LocalServers.words(process));
            return expanded(given, Files.readSymbolicLink(proc.resolve("cwd")));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** With the words of each {@code @FILE} where it stands, as java reads them. */
    static List<String> expanded(List<String> words, Path folder) throws IOException {
        List<String> expanded = new ArrayList<>();
        for (String word : words) {
            if (word.startsWith("@")) expanded.addAll(split(Files.readString(folder.resolve(word.substring(1)))));
            else expanded.add(word);
        }
        return expanded;
    }

    private static List<String> split(String text) {
        return WORD.matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(word -> !word.startsWith("#"))
                .map(word -> QUOTES.matcher(word).replaceAll(found -> Matcher.quoteReplacement(bare(found.group()))))
                .toList();
    }

    private static String bare(String quoted) {
        return quoted.substring(1, quoted.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    /** Those of a command line; of two of one name the last counts. */
    static Map<String, String> defined(List<String> words) {
        Map<String, String> flags = new TreeMap<>();
        for (String word : words) {
            if (!word.startsWith(DEFINE)) continue;
            int equals = word.indexOf('=');
            String name = word.substring(DEFINE.length(), equals < 0 ? word.length() : equals);
            flags.put(name, equals < 0 ? "" : word.substring(equals + 1));
        }
        return flags;
    }
}
