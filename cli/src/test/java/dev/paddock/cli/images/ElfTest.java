package dev.paddock.cli.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ElfTest {
    private static final Path HOME = Path.of(System.getProperty("java.home"));

    @TempDir
    Path folder;

    @Test
    void theJavaProgramNamesItsLoaderAndItsLibraries() throws IOException {
        Elf java = Elf.read(HOME.resolve("bin/java"));
        assertThat(java.interpreter().orElseThrow()).matches("/.*ld-.*");
        assertThat(Path.of(java.interpreter().orElseThrow())).exists();
        assertThat(java.needed()).contains("libjli.so", "libc.so.6");
    }

    @Test
    void aLibraryHasNoLoader() throws IOException {
        Elf library = Elf.read(HOME.resolve("lib/server/libjvm.so"));
        assertThat(library.interpreter()).isEmpty();
        assertThat(library.needed()).contains("libc.so.6", "libm.so.6");
    }

    @Test
    void otherFilesNeedNothing() throws IOException {
        assertThat(Elf.read(HOME.resolve("release")).needed()).isEmpty();
        assertThat(Elf.read(Files.createFile(folder.resolve("empty"))).needed()).isEmpty();
    }

    @Test
    void aProgramCutShortIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(HOME.resolve("bin/java"));
        Path cut = Files.write(folder.resolve("java"), Arrays.copyOf(whole, 100));
        assertThatThrownBy(() -> Elf.read(cut)).isInstanceOf(IOException.class).hasMessageContaining("cut short");
    }
}
