package dev.paddock.sidecar;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom, as the package notes say. */
class ArrowsTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.paddock.sidecar");

    @Test
    void httpKnowsNothingOfCoordination() {
        noClasses()
                .that()
                .resideInAPackage("..sidecar.http")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.paddock.client..", "dev.paddock.wire..", "..sidecar.ensemble", "..sidecar.lock")
                .check(OURS);
    }

    @Test
    void theEnsembleKnowsNothingOfHttp() {
        noClasses()
                .that()
                .resideInAPackage("..sidecar.ensemble")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..sidecar.http", "..sidecar.lock", "..sidecar.config", "..sidecar.service", "..sidecar.znode")
                .check(OURS);
    }

    @Test
    void locksConfigServicesAndZnodesDoNotKnowEachOther() {
        for (String one : new String[] {"lock", "config", "service", "znode"}) {
            for (String other : new String[] {"lock", "config", "service", "znode"}) {
                if (one.equals(other)) continue;
                noClasses()
                        .that()
                        .resideInAPackage("..sidecar." + one)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("..sidecar." + other)
                        .check(OURS);
            }
        }
    }

    @Test
    void whatDecidesIsPure() {
        classes()
                .that()
                .haveSimpleName("LockQueue")
                .or()
                .haveSimpleName("Rendezvous")
                .or()
                .haveSimpleName("Guard")
                .or()
                .haveSimpleName("Target")
                .or()
                .haveSimpleName("ETags")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang..",
                        "java.util",
                        "java.util.function",
                        "java.util.regex",
                        "java.util.stream",
                        "java.text",
                        "java.nio",
                        "java.nio.charset",
                        "io.netty.handler.codec.http",
                        "dev.paddock.sidecar..")
                .check(OURS);
    }
}
