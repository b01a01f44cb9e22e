package dev.paddock.wire;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Records with values of every kind, edges more often than the rest, the same for the same seed. */
final class Generated {
    private static final long[] NUMBERS = {
        0, 1, -1, 2, 127, 128, 255, 256, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
    };
    private static final String[] STRINGS = {
        "",
        "/",
        "/zoo",
        "/zoo/käfig",
        "ελέφας",
        "象",
        "🦓🦒",
        "\u0000",
        "\uFFFD",
        "/a/very/long/path/with/seq-0000000001"
    };

    private final Random random;

    Generated(long seed) {
        this.random = new Random(seed);
    }

    /** A value of a record, or of one of the records that a sealed interface permits. */
    <T> T value(Class<T> type) {
        if (type.isSealed()) {
            Class<?>[] permitted = type.getPermittedSubclasses();
            return type.cast(value(permitted[random.nextInt(permitted.length)]));
        }
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components).map(this::component).toArray();
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.toString(), e);
        }
    }

    long number() {
        return random.nextBoolean() ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextLong();
    }

    private @Nullable Object component(RecordComponent component) {
        if (component.getName().equals("flags")) return random.nextInt(5); // a multi takes no others
        AnnotatedType type = component.getAnnotatedType();
        boolean nullable = (isNullable(type) || isNullable(component)) && !isRequired(component);
        return nullable && random.nextInt(4) == 0 ? null : of(component.getGenericType());
    }

    /** Null only where it is refused: in an id that is asked for, and as the ACL of a create in a multi. */
    private static boolean isRequired(RecordComponent component) {
        Class<?> of = component.getDeclaringRecord();
        return of == Id.class
                || (Request.class.isAssignableFrom(of) && component.getName().equals("acl"));
    }

    private static boolean isNullable(AnnotatedElement element) {
        return element.isAnnotationPresent(Nullable.class);
    }

    private Object of(Type type) {
        if (type == int.class) {
            return (int) number();
        } else if (type == long.class) {
            return number();
        } else if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        } else if (type == String.class) {
            return STRINGS[random.nextInt(STRINGS.length)];
        } else if (type == byte[].class) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            return bytes;
        } else if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            return list(generic.getActualTypeArguments()[0]);
        } else if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
            return random.nextBoolean() ? Optional.empty() : Optional.of(of(generic.getActualTypeArguments()[0]));
        }
        return value((Class<?>) type);
    }

    private List<Object> list(Type element) {
        var list = new ArrayList<Object>();
        for (int i = random.nextInt(5); i > 0; i--) {
            list.add(of(element));
        }
        return list;
    }
}
