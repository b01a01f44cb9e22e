package dev.paddock.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * The production code with some instructions of one class changed, for one run of a test: a mutant where no seam of the code
 * lets a test put one in. All of it, the test included, is loaded once more, so nothing else sees the change.
 */
public final class PatchedCopy extends ClassLoader {
    private static final String OURS = "dev.paddock.";

    private final String victim;
    private final Predicate<CodeElement> wrong;
    private final Consumer<CodeBuilder> instead;
    private Predicate<MethodModel> where = method -> true;
    private int patched;
    private Class<? extends Throwable> found = AssertionError.class;
    private String said = "";
    private Optional<Supplier<?>> beginning = Optional.empty();

    private PatchedCopy(String victim, Predicate<CodeElement> wrong, Consumer<CodeBuilder> instead) {
        super(PatchedCopy.class.getClassLoader());
        this.victim = victim;
        this.wrong = wrong;
        this.instead = instead;
    }

    /** Where the class names this number, it names another; both {@code Integer} or both {@code Long}. */
    public static PatchedCopy ofConstant(String victim, Number from, Number to) {
        return new PatchedCopy(
                victim,
                element -> element instanceof ConstantInstruction constant
                        && constant.constantValue().equals(from),
                code -> {
                    if (to instanceof Long) code.loadConstant(to.longValue());
                    else code.loadConstant(to.intValue());
                });
    }

    /**
     * Where the class calls a method of this name, it does something else with what it would be given.
     *
     * @param method its name, or name and descriptor where others have the same name
     */
    public static PatchedCopy ofCall(String victim, String method, Consumer<CodeBuilder> instead) {
        return new PatchedCopy(
                victim,
                element -> element instanceof InvokeInstruction call
                        && (call.name().equalsString(method)
                                || method.equals(
                                        call.name().stringValue() + call.type().stringValue())),
                instead);
    }

    /** Where the class reads a field of this name, it does something else. */
    public static PatchedCopy ofField(String victim, String field, Consumer<CodeBuilder> instead) {
        return new PatchedCopy(
                victim,
                element -> element instanceof FieldInstruction read
                        && read.opcode().name().startsWith("GET")
                        && read.name().equalsString(field),
                instead);
    }

    /** It does so in the methods of this name alone. */
    public PatchedCopy in(String method) {
        where = each -> each.methodName().equalsString(method);
        return this;
    }

    /** What is wrong shows by this rather than by an assertion. */
    public PatchedCopy throwing(Class<? extends Throwable> type) {
        found = type;
        return this;
    }

    /** What is wrong shows by these words. */
    public PatchedCopy saying(String words) {
        said = words;
        return this;
    }

    /**
     * What comes before all tests of the class, and after them, is run too, which it is not else.
     *
     * @param given makes what the former takes, such as a folder; another one for each run
     */
    public PatchedCopy begunWith(Supplier<?> given) {
        beginning = Optional.of(given);
        return this;
    }

    /**
     * Whether a test fails there that needs nothing but its own class.
     *
     * @param given what the test takes; of a {@link Supplier} what it gives, another for each run
     * @throws IllegalStateException if it does not pass in a copy without the change, or fails by something else than is expected
     */
    public boolean isFoundBy(String test, String method, Object... given) {
        unchanged().run(test, method, given).ifPresent(failure -> {
            throw new IllegalStateException("fails as it is", failure);
        });
        Optional<Throwable> failure = run(test, method, given);
        if (patched == 0) throw new IllegalStateException("there is nothing in " + victim + " to change");
        failure.filter(it -> !isFound(it)).ifPresent(other -> {
            throw new IllegalStateException("fails otherwise", other);
        });
        return failure.isPresent();
    }

    /** By its name, since ours is another class in the copy. */
    private boolean isFound(Throwable failure) {
        Class<?> type = failure.getClass();
        while (type != null && !type.getName().equals(found.getName())) type = type.getSuperclass();
        return type != null && String.valueOf(failure.getMessage()).contains(said);
    }

    private PatchedCopy unchanged() {
        PatchedCopy unchanged = new PatchedCopy(victim, element -> false, instead);
        unchanged.beginning = beginning;
        return unchanged;
    }

    private Optional<Throwable> run(String test, String method, Object... given) {
        Object[] taken = Arrays.stream(given)
                .map(each -> each instanceof Supplier<?> another ? another.get() : each)
                .toArray();
        try {
            Class<?> loaded = loadClass(test);
            Constructor<?> constructor = loaded.getDeclaredConstructor();
            constructor.setAccessible(true);
            if (beginning.isPresent())
                callAll(loaded, BeforeAll.class, loaded, beginning.get().get());
            try {
                Object instance = constructor.newInstance();
                callAll(loaded, BeforeEach.class, instance);
                try {
                    call(
                            instance,
                            Arrays.stream(loaded.getDeclaredMethods())
                                    .filter(each -> each.getName().equals(method))
                                    .findFirst()
                                    .orElseThrow(),
                            taken);
                } finally {
                    callAll(loaded, AfterEach.class, instance);
                }
            } finally {
                if (beginning.isPresent()) callAll(loaded, AfterAll.class, loaded);
            }
            return Optional.empty();
        } catch (InvocationTargetException e) {
            return Optional.of(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(test, e);
        }
    }

    /** @param instance anything for static methods */
    private static void callAll(Class<?> test, Class<? extends Annotation> marked, Object instance, Object... given)
            throws ReflectiveOperationException {
        for (Method each : test.getDeclaredMethods()) {
            if (each.isAnnotationPresent(marked)) call(instance, each, given);
        }
    }

    private static void call(Object instance, Method method, Object... given) throws ReflectiveOperationException {
        method.setAccessible(true);
        method.invoke(instance, given);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) return super.loadClass(name, resolve);
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) return known;
            byte[] bytes = bytes(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) throw new ClassNotFoundException(name);
            byte[] bytes = in.readAllBytes();
            return name.equals(victim) ? patched(bytes) : bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] patched(byte[] original) {
        var hierarchy = ClassHierarchyResolver.ofResourceParsing(getParent());
        ClassFile files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        CodeTransform patch = (code, element) -> {
            if (wrong.test(element)) {
                patched++;
                instead.accept(code);
            } else code.with(element);
        };
        return files.transformClass(files.parse(original), ClassTransform.transformingMethodBodies(where, patch));
    }
}
