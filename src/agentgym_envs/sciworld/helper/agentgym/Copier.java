package agentgym;

import java.lang.reflect.Array;
import java.util.Arrays;
import sun.misc.Unsafe;

/** Copies all that an array of objects leads to. */
@SuppressWarnings({"deprecation", "removal"})
final class Copier {
    private static final Unsafe UNSAFE = Shape.UNSAFE;
    private static final int ATTEMPTS = 20;
    private static final int PATIENCE = 255; // objects between looks at the canary

    private final Numbering numbering = new Numbering();
    private Object[] copies = new Object[1 << 13];

    /** Copy an array, and everything below it. */
    static Object[] copy(Object[] roots) throws Refused {
        for (int i = 0; i < ATTEMPTS; i++) {
            Object[] copy = new Copier().attempt(roots);
            if (copy != null) {
                return copy;
            }
        }
        throw new Refused("garbage collections leave no time to copy a game");
    }

    private Object[] attempt(Object[] roots) throws Refused {
        Object[] copy = (Object[]) copyOf(roots);
        for (int i = 0; i < numbering.size; i++) {
            if ((i & PATIENCE) == 0 && numbering.isDisturbed()) {
                return null;
            }
            fill(numbering.objects[i], copies[i]);
        }
        return numbering.isDisturbed() ? null : copy;
    }

    private void fill(Object original, Object copy) throws Refused {
        if (original instanceof Object[] items) {
            Object[] into = (Object[]) copy;
            for (int i = 0; i < items.length; i++) {
                into[i] = copyOf(items[i]);
            }
            return;
        }
        Shape shape = Shape.of(original.getClass());
        for (long offset : shape.references) {
            UNSAFE.putObject(copy, offset, copyOf(UNSAFE.getObject(original, offset)));
        }
    }

    /** The copy of an object, whose references are filled in later. */
    private Object copyOf(Object object) throws Refused {
        if (object == null) {
            return null;
        }
        Shape shape = Shape.of(object.getClass());
        switch (shape.kind) {
            case VALUE:
                return object;
            case SINGLETON:
                if (object == shape.singleton) {
                    return object;
                }
                throw new Refused("a second " + shape.type.getName());
            case FOREIGN:
                throw new Refused("a game holds a " + shape.type.getName());
            default:
        }
        int number = numbering.of(object);
        if (number >= 0) {
            return copies[number];
        }
        number = -1 - number;
        if (number == copies.length) {
            copies = Arrays.copyOf(copies, 2 * number);
        }
        return copies[number] = allocate(shape, object);
    }

    private static Object allocate(Shape shape, Object object) throws Refused {
        switch (shape.kind) {
            case REFERENCES:
                return Array.newInstance(shape.type.getComponentType(), ((Object[]) object).length);
            case NUMBERS:
                int length = Array.getLength(object);
                Object numbers = Array.newInstance(shape.type.getComponentType(), length);
                System.arraycopy(object, 0, numbers, 0, length);
                return numbers;
            default:
        }
        Object copy = make(shape.type);
        for (int i = 0; i < shape.numbers.length; i++) {
            long at = shape.numbers[i];
            switch (shape.numberTypes[i]) {
                case 'I' -> UNSAFE.putInt(copy, at, UNSAFE.getInt(object, at));
                case 'J' -> UNSAFE.putLong(copy, at, UNSAFE.getLong(object, at));
                case 'D' -> UNSAFE.putDouble(copy, at, UNSAFE.getDouble(object, at));
                case 'F' -> UNSAFE.putFloat(copy, at, UNSAFE.getFloat(object, at));
                case 'Z' -> UNSAFE.putBoolean(copy, at, UNSAFE.getBoolean(object, at));
                case 'C' -> UNSAFE.putChar(copy, at, UNSAFE.getChar(object, at));
                case 'S' -> UNSAFE.putShort(copy, at, UNSAFE.getShort(object, at));
                default -> UNSAFE.putByte(copy, at, UNSAFE.getByte(object, at));
            }
        }
        return copy;
    }

    /** A new object whose constructor has not run. */
    static Object make(Class<?> type) throws Refused {
        try {
            return UNSAFE.allocateInstance(type);
        } catch (InstantiationException error) {
            throw new Refused("no object of " + type.getName());
        }
    }
}
