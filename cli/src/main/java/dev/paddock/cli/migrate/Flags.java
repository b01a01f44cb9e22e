package dev.paddock.cli.migrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a running server's JVM was started with, or all the system properties that it has now.
 *
 * @param properties system properties; of two of one name the last counts
 * @param apart      what else matters to a server and is no setting of it: memory, agents, a file of flags, a port of JMX; as java takes it
 */
record Flags(Map<String, String> properties, List<String> apart) {
    private static final String DEFINE = "-D";
    /** What java takes before its command line, and after it; what comes later counts. */
    private static final List<String> BEFORE = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");

    private static final List<String> AFTER = List.of("_JAVA_OPTIONS");

    private static final Pattern MEMORY =
            Pattern.compile("(-Xm[sx]|-XX:(?:Initial|Min|Max)(?:HeapSize|RAMPercentage)=)[0-9.]+[kKmMgGtT]?");
    private static final Pattern AGENT = Pattern.compile("-(?:javaagent|agentpath|agentlib):.*|-XX:Flags=.*");
    private static final String OPTIONS_FILE = "-XX:VMOptionsFile=";
    private static final String JMX = "com.sun.management.jmxremote";

    private static final String QUOTED = "\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'";
    private static final Pattern WORD = Pattern.compile("#.*|(?:" + QUOTED + "|[^\\s\"'#])+");
    private static final Pattern QUOTES = Pattern.compile(QUOTED);
    private static final Pattern OPTION = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|[^\\s\"'])+");
    private static final Pattern QUOTED_OPTION = Pattern.compile("\"([^\"]*)\"|'([^']*)'");

    /** From its process if that is here, else from its admin port, which tells properties only; empty if neither can be looked at. */
    static Optional<Flags> of(Place place) {
        return ofProcess(place)
                .or(() -> place.adminUrl()
                        .flatMap(url -> Words.admin(url, "system_properties"))
                        .map(Report::properties)
                        .map(properties -> new Flags(properties, jmx(properties))));
    }

    private static Optional<Flags> ofProcess(Place place) {
        if (place.config().filter(Place.Config::isLocal).isEmpty()) return Optional.empty();
        NavigableSet<Long> pids = LocalServers.holders(place);
        if (pids.size() != 1) return Optional.empty();
        return ProcessHandle.of(pids.getFirst())
                .map(Flags::given)
                .filter(words -> !words.isEmpty())
                .map(Flags::in);
    }

    /** Empty if it cannot be told. */
    private static List<String> given(ProcessHandle process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        if (!Files.exists(proc)) return LocalServers.words(process); // it has ended, or this is no Linux
        try {
            List<String> given = new ArrayList<>();
            String environment = Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1);
            given.addAll(set(BEFORE, environment));
            given.addAll(LocalServers.words(process));
            given.addAll(set(AFTER, environment));
            return expanded(given, Files.readSymbolicLink(proc.resolve("cwd")));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The words of these variables, in their order. */
    static List<String> set(List<String> variables, String environment) {
        List<String> words = new ArrayList<>();
        for (String variable : variables) {
            for (String setting : environment.split("\0", -1)) {
                if (setting.startsWith(variable + "=")) words.addAll(split(setting.substring(variable.length() + 1)));
            }
        }
        return words;
    }

    /** With the words of each {@code @FILE} and file of options where it stands, as java reads them. */
    static List<String> expanded(List<String> words, Path folder) throws IOException {
        List<String> expanded = new ArrayList<>();
        for (String word : words) {
            if (word.startsWith("@")) expanded.addAll(split(Files.readString(folder.resolve(word.substring(1)))));
            else expanded.add(word);
        }
        return withOptions(expanded, folder);
    }

    private static List<String> withOptions(List<String> words, Path folder) throws IOException {
        List<String> all = new ArrayList<>();
        for (String word : words) {
            if (!word.startsWith(OPTIONS_FILE)) all.add(word);
            else all.addAll(options(Files.readString(folder.resolve(word.substring(OPTIONS_FILE.length())))));
        }
        return all;
    }

    /** The virtual machine reads these itself: no comments, and nothing that escapes. */
    private static List<String> options(String text) {
        return OPTION.matcher(text)
                .results()
                .map(found -> QUOTED_OPTION.matcher(found.group()).replaceAll("$1$2"))
                .toList();
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

    /** Those of a command line. */
    static Flags in(List<String> words) {
        Map<String, String> memory = new LinkedHashMap<>(); // of two of one kind the last counts
        List<String> apart = new ArrayList<>();
        for (String word : words) {
            Matcher size = MEMORY.matcher(word);
            if (size.matches()) memory.put(size.group(1), word);
            else if (AGENT.matcher(word).matches()) apart.add(word);
        }
        Map<String, String> properties = defined(words);
        apart.addAll(0, memory.values());
        apart.addAll(jmx(properties));
        return new Flags(properties, apart);
    }

    /** Only where it opens a port: zkServer.sh gives two of them that do not. */
    private static List<String> jmx(Map<String, String> properties) {
        if (!properties.containsKey(JMX + ".port")) return List.of();
        return properties.entrySet().stream()
                .filter(each -> each.getKey().startsWith(JMX))
                .map(each -> DEFINE + each.getKey() + (each.getValue().isEmpty() ? "" : "=" + each.getValue()))
                .toList();
    }

    private static Map<String, String> defined(List<String> words) {
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
