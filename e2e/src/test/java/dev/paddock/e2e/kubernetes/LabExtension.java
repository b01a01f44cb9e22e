package dev.paddock.e2e.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands the {@link Lab} to tests: one for all classes, which starts with the first and stops with the last. */
final class LabExtension implements ParameterResolver, AfterTestExecutionCallback {
    private static final Namespace STORE = Namespace.create(LabExtension.class);
    private static final Path DUMPS = Path.of("target", "kubernetes-lab");

    LabExtension() {}

    /** What the first attempt came to: it is not made again for each test. */
    private static final class Opened implements AutoCloseable {
        private final Lab lab;

        Opened() {
            try {
                lab = Lab.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the lab started", e);
            }
        }

        @Override
        public void close() throws IOException {
            lab.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Lab resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return lab(context);
    }

    private static Lab lab(ExtensionContext context) {
        return context.getRoot().getStore(STORE).computeIfAbsent(Opened.class, key -> new Opened(), Opened.class).lab;
    }

    /** A failure takes along what the cluster looked like, as long as it is there. */
    @Override
    public void afterTestExecution(ExtensionContext context) throws Exception {
        if (context.getExecutionException().isEmpty()) return;
        String test = context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName();
        lab(context).dump(DUMPS.resolve(test));
    }
}
