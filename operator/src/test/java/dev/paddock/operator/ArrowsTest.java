package dev.paddock.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package may know which. */
final class ArrowsTest {
    private final JavaClasses ours = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.paddock.operator");

    @Test
    void thePlannerIsPure() {
        knowsOnlyPlainJavaAnd("..planner..");
    }

    @Test
    void theMigrationIsPure() {
        knowsOnlyPlainJavaAnd("..migration..", "..planner..");
    }

    /** No clock, file, socket or thread. */
    private void knowsOnlyPlainJavaAnd(String itself, String... others) {
        Stream<String> plain = Stream.of(
                itself, "java.lang..", "java.util", "java.util.function", "java.util.regex", "java.util.stream", "");
        classes()
                .that()
                .resideInAPackage(itself)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(Stream.concat(plain, Stream.of(others)).toArray(String[]::new))
                .check(ours);
    }

    @Test
    void desiredObjectsAreDecidedWithoutAClient() {
        noClasses()
                .that()
                .resideInAPackage("..ensemble..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8.kubernetes.client..",
                        "io.javaoperatorsdk..",
                        "..cluster..",
                        "java.io..",
                        "java.net..",
                        "java.time..")
                .allowEmptyShould(true)
                .check(ours);
    }
}
