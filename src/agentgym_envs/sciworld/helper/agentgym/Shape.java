package agentgym;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import sun.misc.Unsafe;

/** What the objects of one class hold, and where. */
final class Shape {
    /** How objects of a class are treated. */
    enum Kind {
        /** A string or a boxed number: never copied, saved by value. */
        VALUE,
        /** Copied field by field. */
        OBJECT,
        /** Copied element by element. */
        REFERENCES,
        /** An array of int, double, ..., copied as a whole. */
        NUMBERS,
        /** The one instance of its class: never copied, saved by name. */
        SINGLETON,
        /** Nothing that a game should hold. */
        FOREIGN
    }

    static final Unsafe UNSAFE = unsafe();
    private static final ClassValue<Shape> SHAPES =
            new ClassValue<>() {
                @Override
                protected Shape computeValue(Class<?> type) {
                    return new Shape(type);
                }
            };
    private static final List<String> PACKAGES =
            List.of(
                    "scienceworld.",
                    "main.scala.scienceworld.",
                    "language.",
                    "util.",
                    "scala.collection.immutable.",
                    "scala.collection.mutable.",
                    "scala.util.parsing.input.");
    private static final Set<String> CLASSES =
            Set.of("scala.Some", "scala.None$", "scala.runtime.BoxedUnit");

    final Class<?> type;
    final Kind kind;
    final Object singleton;
    final long[] references;
    final Class<?>[] referenceTypes;
    final long[] numbers;
    final char[] numberTypes;

    static Shape of(Class<?> type) {
        return SHAPES.get(type);
    }

    /** Whether a game may hold objects of the class with this name. */
    static boolean allows(String name) {
        if (CLASSES.contains(name) || name.startsWith("scala.Tuple")) {
            return true;
        }
        for (String start : PACKAGES) {
            if (name.startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    private Shape(Class<?> type) {
        this.type = type;
        singleton = singletonOf(type);
        kind = kindOf(type);
        List<Field> pointing = new ArrayList<>();
        List<Field> plain = new ArrayList<>();
        if (kind == Kind.OBJECT) {
            for (Class<?> part = type; part != Object.class; part = part.getSuperclass()) {
                Field[] fields = part.getDeclaredFields();
                // The order must not depend on the Java that runs this.
                java.util.Arrays.sort(fields, Comparator.comparing(Field::getName));
                for (Field field : fields) {
                    if (!Modifier.isStatic(field.getModifiers())) {
                        (field.getType().isPrimitive() ? plain : pointing).add(field);
                    }
                }
            }
        }
        references = offsets(pointing);
        numbers = offsets(plain);
        referenceTypes = new Class<?>[references.length];
        for (int i = 0; i < references.length; i++) {
            referenceTypes[i] = pointing.get(i).getType();
        }
        numberTypes = new char[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            numberTypes[i] = plain.get(i).getType().descriptorString().charAt(0);
        }
    }

    private Kind kindOf(Class<?> type) {
        if (isValue(type)) {
            return Kind.VALUE;
        }
        if (type.isArray()) {
            Class<?> item = type.getComponentType();
            if (item.isPrimitive()) {
                return Kind.NUMBERS;
            }
            while (item.isArray()) {
                item = item.getComponentType();
            }
            boolean known =
                    item.isPrimitive()
                            || item == Object.class
                            || isValue(item)
                            || allows(item.getName());
            return known ? Kind.REFERENCES : Kind.FOREIGN;
        }
        if (type.isHidden() || !allows(type.getName())) {
            return Kind.FOREIGN;
        }
        if (singleton != null) {
            return Kind.SINGLETON;
        }
        boolean concrete = !type.isInterface() && !Modifier.isAbstract(type.getModifiers());
        return concrete ? Kind.OBJECT : Kind.FOREIGN;
    }

    private static boolean isValue(Class<?> type) {
        return type == String.class
                || type == Integer.class
                || type == Long.class
                || type == Double.class
                || type == Boolean.class
                || type == Character.class
                || type == Float.class
                || type == Short.class
                || type == Byte.class;
    }

    private static Object singletonOf(Class<?> type) {
        if (type.isArray() || type.isHidden() || !allows(type.getName())) {
            return null;
        }
        for (String name : List.of("MODULE$", "UNIT")) {
            try {
                Field field = type.getDeclaredField(name);
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == type) {
                    field.setAccessible(true);
                    return field.get(null);
                }
            } catch (ReflectiveOperationException none) {
                // An ordinary class.
            }
        }
        return null;
    }

    @SuppressWarnings({"deprecation", "removal"})
    private static long[] offsets(List<Field> fields) {
        return fields.stream().mapToLong(UNSAFE::objectFieldOffset).toArray();
    }

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException gone) {
            throw new IllegalStateException("this Java has no sun.misc.Unsafe", gone);
        }
    }
}
