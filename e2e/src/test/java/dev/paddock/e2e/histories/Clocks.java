package dev.paddock.e2e.histories;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A clock of the day for each server, by libfaketime. */
record Clocks(Path folder) {
    /** Comes before the C library of a process and gives it the time. */
    static final Path LIBRARY = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

    private Path offset(int sid) {
        return folder.resolve("clock" + sid);
    }

    /** Sets one so many seconds before or behind that of this machine; its server hears of it within a second. */
    void set(int sid, int seconds) throws IOException {
        Files.writeString(offset(sid), (seconds < 0 ? "" : "+") + seconds + "\n");
    }

    /** What a process needs to have this clock. The clock that only counts on is that of the machine. */
    Map<String, String> environment(int sid) {
        return Map.of(
                "LD_PRELOAD",
                LIBRARY.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                offset(sid).toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", // else timed waits end at once
                "0");
    }
}
