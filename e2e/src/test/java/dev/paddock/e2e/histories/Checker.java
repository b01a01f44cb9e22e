package dev.paddock.e2e.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.e2e.Installed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The program that judges histories, written in Go around {@code github.com/anishathalye/porcupine}. */
final class Checker {
    private static final Path MODULES = Installed.CACHE.resolve("go");
    private static final Path SOURCE = Path.of(System.getProperty("paddock.root"), "e2e/src/test/go/histories");

    private final Path program;

    /**
     * What it said.
     *
     * @param text a line for each key and one for the sessions, and more below those that are not OK
     */
    record Verdict(boolean isLegal, String text) {
        /** Whether it says so of a key, or of {@code sessions}. */
        boolean isIllegal(String what) {
            return text.lines().anyMatch(line -> line.startsWith(what + " ILLEGAL:"));
        }
    }

    private Checker(Path program) {
        this.program = program;
    }

    /** Builds it; skips the test where Go or Porcupine is not there. */
    static Checker build(Path folder) throws IOException, InterruptedException {
        Installed.require("go");
        String porcupine = "github.com/anishathalye/porcupine";
        Installed.require(MODULES.resolve(porcupine + "@v1.3.1"), porcupine + " 1.3.1");
        Path program = Files.createDirectories(folder).resolve("check").toAbsolutePath();
        var go = new ProcessBuilder("go", "build", "-o", program.toString(), ".").directory(SOURCE.toFile());
        go.environment()
                .putAll(Map.of(
                        "GOMODCACHE", MODULES.toString(),
                        "GOCACHE", Installed.CACHE.resolve("go-build").toString(),
                        "GOPROXY", "off",
                        "GOFLAGS", "-mod=readonly",
                        "GOTOOLCHAIN", "local",
                        "CGO_ENABLED", "0"));
        Process build = go.redirectErrorStream(true).start();
        String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(build.waitFor()).as(said).isZero();
        return new Checker(program);
    }

    /** The words to type for the same verdict again. */
    List<String> command(Path history) {
        return List.of(program.toString(), history.toAbsolutePath().toString());
    }

    Verdict judge(Path history) throws IOException, InterruptedException {
        Process check =
                new ProcessBuilder(command(history)).redirectErrorStream(true).start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = check.waitFor();
        if (code == 2) throw new IOException(said); // it could not read the file
        return new Verdict(code == 0, said);
    }
}
