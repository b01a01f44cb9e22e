package dev.paddock.sidecar.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.testing.PatchedCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A case of the museum in the sidecar: its code is changed, and its own test must see it. */
class PatchedConfigTest {
    @TempDir
    private Path folder;

    @Test
    void m40IsFoundWhereAStreamThatGoesOnTellsNothingOfTheTimeBetween() {
        assertThat(PatchedCopy.ofField(
                                "dev.paddock.sidecar.config.ConfigStream",
                                "after",
                                PatchedConfigTest::latestOfWhoComesBack)
                        .begunWith(this::anotherFolder)
                        .saying("no event in 10 seconds")
                        .isFoundBy("dev.paddock.sidecar.config.ConfigTest", "aStreamGoesOnWhereItWasCut"))
                .isTrue();
    }

    /** The field of whoever comes for the first time is -1. */
    private static void latestOfWhoComesBack(CodeBuilder code) {
        code.getfield(ClassDesc.of("dev.paddock.sidecar.config.ConfigStream"), "after", ConstantDescs.CD_long)
                .dup2()
                .loadConstant(0L)
                .lcmp()
                .ifThen(Opcode.IFGE, back -> back.pop2().loadConstant(Long.MAX_VALUE));
    }

    private Path anotherFolder() {
        try {
            return Files.createTempDirectory(folder, "run");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
