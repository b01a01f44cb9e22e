package dev.paddock.e2e;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs JUnit tests of others in a process of their own and writes how each ended: lines of {@code passed}, {@code failed} or
 * {@code skipped}, milliseconds, {@code Class.method} and, of a failure, its first line. Used by {@link CuratorSuite}.
 */
final class JUnitRun implements TestExecutionListener {
    private final PrintStream out;
    private long startedNanos;

    private JUnitRun(PrintStream out) {
        this.out = out;
    }

    /** Takes the file to write and the tests to run, each a class or {@code class#method}. */
    public static void main(String[] arguments) throws IOException {
        List<DiscoverySelector> tests =
                Stream.of(arguments).skip(1).map(JUnitRun::selector).toList();
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(tests)
                .configurationParameter("junit.jupiter.execution.timeout.default", "4 m")
                .build();
        try (var out = new PrintStream(Files.newOutputStream(Path.of(arguments[0])), true, StandardCharsets.UTF_8)) {
            LauncherFactory.create().execute(request, new JUnitRun(out));
        }
        System.exit(0); // threads that a test left behind are not waited for
    }

    private static DiscoverySelector selector(String test) {
        return test.contains("#") ? selectMethod(test) : selectClass(test);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        startedNanos = System.nanoTime();
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        report("skipped", test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean failed = result.getStatus() == TestExecutionResult.Status.FAILED;
        if (!failed && !test.isTest()) return;
        String how = switch (result.getStatus()) {
            case SUCCESSFUL -> "passed";
            case FAILED -> "failed";
            case ABORTED -> "skipped";
        };
        report(how, test, result.getThrowable().map(JUnitRun::describe).orElse(""));
    }

    private static String describe(Throwable thrown) {
        StringBuilder text = new StringBuilder(thrown.toString());
        for (StackTraceElement at : thrown.getStackTrace()) {
            if (at.getClassName().startsWith("org.apache.curator")
                    && at.getClassName().contains("Test")) {
                text.append(" at ").append(at);
                break;
            }
        }
        return text.toString();
    }

    private void report(String how, TestIdentifier test, String why) {
        long millis = (System.nanoTime() - startedNanos) / 1_000_000;
        out.println(how + " " + millis + " " + name(test)
                + (why.isEmpty() ? "" : " " + why.lines().findFirst().orElse("")));
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(method -> method.getClassName() + "#" + method.getMethodName())
                .orElseGet(test::getLegacyReportingName);
    }
}
