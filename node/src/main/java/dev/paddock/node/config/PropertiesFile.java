package dev.paddock.node.config;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A Java properties file that remembers its lines. Syntax is exactly {@link Properties}', since each logical line is
 * given to it alone; bytes are UTF-8, or Latin-1 where they are not UTF-8.
 *
 * @param path       where it was read
 * @param entries    key to entry, in order of first appearance; of a repeated key the last one counts
 * @param duplicates keys that appear more than once
 */
record PropertiesFile(Path path, Map<String, Entry> entries, List<String> duplicates) {
    private static final long FILE_BYTES_MAX = 1 << 20;

    /**
     * @param value the value, trimmed as Apache ZooKeeper does
     * @param line  the line it starts on, from 1
     */
    record Entry(String value, int line) {}

    static PropertiesFile read(Path path) throws ConfigException {
        try {
            if (Files.size(path) > FILE_BYTES_MAX) {
                throw new ConfigException(path, 0, "", "is above 1 MiB, so this is no configuration file");
            }
            return parse(path, decode(Files.readAllBytes(path)));
        } catch (NoSuchFileException e) {
            throw new ConfigException(path, 0, "", "no such file; name an existing zoo.cfg");
        } catch (IOException e) {
            throw new ConfigException(path, 0, "", "cannot be read: " + e);
        }
    }

    static PropertiesFile parse(Path path, String text) throws ConfigException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        List<String> duplicates = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int at = 0; at < lines.size(); ) {
            int first = at;
            StringBuilder logical = new StringBuilder(lines.get(at++));
            while (at < lines.size() && continues(logical)) {
                logical.append('\n').append(lines.get(at++));
            }
            if (saysNothing(logical)) continue; // loading it would take 16 KiB
            Properties one = load(path, first + 1, logical.toString());
            for (String key : one.stringPropertyNames()) {
                Entry entry = new Entry(one.getProperty(key).trim(), first + 1);
                if (entries.put(key, entry) != null) {
                    duplicates.add(key);
                }
            }
        }
        return new PropertiesFile(path, Collections.unmodifiableMap(entries), List.copyOf(duplicates));
    }

    Optional<Entry> find(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    ConfigException error(String key, String problem) {
        return new ConfigException(path, find(key).map(Entry::line).orElse(0), key, problem);
    }

    private static Properties load(Path path, int line, String logical) throws ConfigException {
        Properties one = new Properties();
        try {
            one.load(new StringReader(logical));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(path, line, "", "bad \\u escape; write four hex digits after it");
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be read", e);
        }
        return one;
    }

    /** Whether the logical line goes on after its last natural line: an odd number of backslashes ends it. */
    private static boolean continues(StringBuilder logical) {
        if (saysNothing(logical)) return false;
        int from = logical.length();
        while (from > 0 && logical.charAt(from - 1) == '\\') {
            from--;
        }
        return (logical.length() - from) % 2 == 1;
    }

    /** Whether it is blank or a comment, by what {@link Properties} takes for white space. */
    private static boolean saysNothing(StringBuilder logical) {
        int at = 0;
        while (at < logical.length() && " \t\f".indexOf(logical.charAt(at)) >= 0) at++;
        return at == logical.length() || logical.charAt(at) == '#' || logical.charAt(at) == '!';
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
