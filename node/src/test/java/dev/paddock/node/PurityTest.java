package dev.paddock.node;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keeps the core a function of its inputs, and the arrows between its packages. */
class PurityTest {
    private static final String[] CORE = {
        "dev.paddock.node.members..",
        "dev.paddock.node.tree..",
        "dev.paddock.node.request..",
        "dev.paddock.node.session..",
        "dev.paddock.node.watch..",
        "dev.paddock.node.zab..",
        "dev.paddock.node.replica..",
        "dev.paddock.node.front.."
    };

    private static final Set<String> THREADS_AND_CHANCE = Set.of(
            "java.lang.Thread",
            "java.lang.ThreadLocal",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.UUID",
            "java.util.Timer",
            "java.security.SecureRandom");
    private static final Set<String> OF_SYSTEM =
            Set.of("nanoTime", "currentTimeMillis", "getenv", "getProperty", "identityHashCode");

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.paddock.node", "dev.paddock.wire");
    }

    @Test
    void coreTouchesNoFileSocketThreadOrClock() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "java.time..",
                        "io.netty..")
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat(
                        describe("are threads or chance", (JavaClass c) -> THREADS_AND_CHANCE.contains(c.getName())))
                .check(classes);
    }

    @Test
    void coreAsksNobodyForTheTime() {
        DescribedPredicate<JavaAccess<?>> outside = describe(
                "the clock or the process",
                access -> access.getTargetOwner().isEquivalentTo(System.class)
                        && OF_SYSTEM.contains(access.getTarget().getName()));
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .accessTargetWhere(outside)
                .check(classes);
    }

    @Test
    void packagesKnowOnlyWhatIsBelowThem() {
        nothing("members", "tree", "request", "session", "watch", "zab", "replica", "front");
        nothing("tree", "request", "session", "watch", "zab", "replica", "front");
        nothing("session", "request", "watch", "zab", "replica", "front");
        nothing("watch", "request", "zab", "replica", "front");
        nothing("request", "session", "watch", "zab", "replica", "front");
        nothing("zab", "request", "session", "watch", "replica", "front");
    }

    /** No class of a package depends on one of the others, nor on an edge. */
    private static void nothing(String from, String... to) {
        for (String other : to) refuse(from, other);
        for (String edge : new String[] {"log", "net", "server", "admin", "config"}) refuse(from, edge);
    }

    private static void refuse(String from, String to) {
        noClasses()
                .that()
                .resideInAPackage("dev.paddock.node." + from + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.paddock.node." + to + "..")
                .allowEmptyShould(true)
                .check(classes);
    }
}
