package dev.paddock.cli.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers as the machine's own tar reads them. */
class TarTest {
    private static final String LONG = "opt/" + "folder/".repeat(20) + "x".repeat(90);

    @TempDir
    Path folder;

    private byte[] tar(FileTree tree) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Tar tar = new Tar(bytes)) {
            tree.writeTo(tar);
        }
        return bytes.toByteArray();
    }

    private FileTree tree(Path program) throws IOException {
        return new FileTree()
                .folder("tmp", 01777, 0)
                .folder("data", 0755, 1000)
                .copy("usr/bin/program", program)
                .link("usr/bin/other", "program")
                .text("etc/empty", "")
                .text(LONG, "deep\n");
    }

    private Path program() throws IOException {
        Path program = folder.resolve("program");
        Files.writeString(program, "x".repeat(513));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-x---"));
        return program;
    }

    private String listed(byte[] tar) throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("layer.tar"), tar);
        Process list = new ProcessBuilder("tar", "--numeric-owner", "--utc", "-tvf", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(list.waitFor()).as(said).isZero();
        return said.replaceAll(" +", " ");
    }

    @Test
    void anotherTarReadsIt() throws Exception {
        byte[] tar = tar(tree(program()));
        assertThat(listed(tar))
                .contains("drwxrwxrwt 0/0 0 2026-01-01 00:00 tmp/\n")
                .contains("drwxr-xr-x 1000/1000 0 2026-01-01 00:00 data/\n")
                .contains("-rwxr-xr-x 0/0 513 2026-01-01 00:00 usr/bin/program\n")
                .contains("lrwxrwxrwx 0/0 0 2026-01-01 00:00 usr/bin/other -> program\n")
                .contains("-rw-r--r-- 0/0 0 2026-01-01 00:00 etc/empty\n")
                .contains("-rw-r--r-- 0/0 5 2026-01-01 00:00 " + LONG + "\n");
        assertThat(listed(tar).indexOf("usr/bin/\n")).isLessThan(listed(tar).indexOf("usr/bin/program\n"));
    }

    @Test
    void theSameFilesAreTheSameBytes() throws Exception {
        Path program = program();
        byte[] first = tar(tree(program));
        Files.setLastModifiedTime(program, FileTime.fromMillis(0));
        assertThat(tar(tree(program))).isEqualTo(first);
    }

    @Test
    void aPathThatFitsInNoHeaderIsRefused() {
        FileTree tree = new FileTree().text("x".repeat(101), "");
        assertThatThrownBy(() -> tar(tree)).isInstanceOf(IOException.class).hasMessageContaining("too long");
    }
}
