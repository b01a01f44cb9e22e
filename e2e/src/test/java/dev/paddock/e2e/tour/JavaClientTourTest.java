package dev.paddock.e2e.tour;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apache's Java client 3.9.5 sees the same on both makers' servers. */
@ExtendWith(Tours.Resolver.class)
class JavaClientTourTest {
    private interface Section {
        void tour(Visit visit) throws Exception;
    }

    private static void compare(String name, int servers, Section section, Tours tours) throws Exception {
        tours.compare(name, servers, at -> {
            var visit = new Visit(at);
            section.tour(visit);
            visit.say(Tours.LAST_LINE);
            return visit.lines();
        });
    }

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void znodes(int servers, Tours tours) throws Exception {
        compare("java-znodes", servers, JavaZnodes::tour, tours);
    }

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void multi(int servers, Tours tours) throws Exception {
        compare("java-multi", servers, JavaMulti::tour, tours);
    }

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void asynchronousMethods(int servers, Tours tours) throws Exception {
        compare("java-async", servers, JavaAsync::tour, tours);
    }

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void watches(int servers, Tours tours) throws Exception {
        compare("java-watches", servers, JavaWatches::tour, tours);
    }

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void acls(int servers, Tours tours) throws Exception {
        compare("java-security", servers, JavaSecurity::tour, tours);
    }

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void sessions(int servers, Tours tours) throws Exception {
        compare("java-sessions", servers, JavaSessions::tour, tours);
    }

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void quotas(int servers, Tours tours) throws Exception {
        compare("java-quotas", servers, JavaQuotas::tour, tours);
    }

    @Test
    void theTourCallsEveryPublicMethod() {
        JavaClasses tour = new ClassFileImporter().importPackages(JavaClientTourTest.class.getPackageName());
        Set<String> called = tour.stream()
                .flatMap(each -> each.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().isAssignableTo(ZooKeeper.class))
                .map(call -> call.getTarget().getName() + parameters(call))
                .collect(Collectors.toSet());
        Set<String> offered = Stream.of(ZooKeeper.class, ZooKeeperAdmin.class)
                .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                .filter(each -> Modifier.isPublic(each.getModifiers()) && !each.isSynthetic())
                .map(JavaClientTourTest::signature)
                .collect(Collectors.toSet());
        assertThat(called).containsAll(offered);
    }

    private static List<String> parameters(JavaMethodCall call) {
        return call.getTarget().getRawParameterTypes().stream()
                .map(JavaClass::getName)
                .toList();
    }

    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes()).map(Class::getName).toList();
    }
}
