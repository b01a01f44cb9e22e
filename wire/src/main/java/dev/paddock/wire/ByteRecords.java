package dev.paddock.wire;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Equality by value for records that hold byte arrays, which by themselves compare by identity. By reflection, so for tests and maps off the hot path. */
final class ByteRecords {
    private static final ClassValue<Method[]> ACCESSORS = new ClassValue<>() {
        @Override
        protected Method[] computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .toArray(Method[]::new);
        }
    };

    private ByteRecords() {}

    static boolean equal(Record a, @Nullable Object b) {
        return b instanceof Record other
                && a.getClass() == other.getClass()
                && Arrays.deepEquals(values(a), values(other));
    }

    static int hash(Record record) {
        return Arrays.deepHashCode(values(record));
    }

    /** As a record shows itself, but only the length of arrays: they may hold secrets, and megabytes. */
    static String show(Record record) {
        Method[] accessors = ACCESSORS.get(record.getClass());
        Object[] values = values(record);
        return IntStream.range(0, values.length)
                .mapToObj(i -> accessors[i].getName() + "="
                        + (values[i] instanceof byte[] b ? b.length + " bytes" : values[i]))
                .collect(Collectors.joining(", ", record.getClass().getSimpleName() + "[", "]"));
    }

    private static Object[] values(Record record) {
        Method[] accessors = ACCESSORS.get(record.getClass());
        var values = new Object[accessors.length];
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = accessors[i].invoke(record);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record's accessor failed: " + record.getClass(), e);
        }
        return values;
    }
}
