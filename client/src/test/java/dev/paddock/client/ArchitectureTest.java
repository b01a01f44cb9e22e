package dev.paddock.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Keeps the arrows of {@code package-info.java}. */
final class ArchitectureTest {
    @Test
    void theClientRestsOnWireAndNettyAlone() {
        var client = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.paddock.client");
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "dev.paddock.client", "dev.paddock.wire", "io.netty..", "org.slf4j", "org.jspecify..")
                .check(client);
    }
}
