package agentgym;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import sun.misc.Unsafe;

/**
 * Writes a game as bytes: classes and lengths of all objects, constants, then contents.
 *
 * <p>A reference is 0 for null, 2n + 1 for the constant n, and 2n + 2 for the object n.
 */
@SuppressWarnings({"deprecation", "removal"})
final class Encoder {
    static final int FORMAT = 1;
    private static final Unsafe UNSAFE = Shape.UNSAFE;
    private static final int ATTEMPTS = 20;
    private static final int PATIENCE = 255; // objects between looks at the canary

    private final Numbering numbering = new Numbering();
    private final Part heads = new Part();
    private final Part constants = new Part();
    private final Part bodies = new Part();
    private final Map<String, Integer> classNumbers = new HashMap<>();
    private final Map<Object, Integer> constantNumbers = new HashMap<>();

    /** Encode a game. */
    static byte[] encode(Session session) throws Refused, IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            Encoder encoder = new Encoder();
            if (encoder.visit(session.roots())) {
                return encoder.result(session);
            }
        }
        throw new Refused("garbage collections leave no time to save a game");
    }

    private boolean visit(Object[] roots) throws Refused, IOException {
        number(roots);
        for (int i = 0; i < numbering.size; i++) {
            if ((i & PATIENCE) == 0 && numbering.isDisturbed()) {
                return false;
            }
            write(numbering.objects[i]);
        }
        return !numbering.isDisturbed();
    }

    private byte[] result(Session session) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (DataOutputStream out =
                new DataOutputStream(new DeflaterOutputStream(bytes, fast, 1 << 14))) {
            out.writeInt(FORMAT);
            out.writeLong(session.random);
            out.writeLong(session.nextId);
            out.writeInt(numbering.size);
            out.writeInt(constantNumbers.size());
            for (Part part : new Part[] {heads, constants, bodies}) {
                out.writeInt(part.size());
                part.writeTo(out);
            }
        } finally {
            fast.end();
        }
        return bytes.toByteArray();
    }

    private int number(Object object) throws Refused, IOException {
        int number = numbering.of(object);
        if (number >= 0) {
            return number;
        }
        String name = object.getClass().getName();
        Integer known = classNumbers.putIfAbsent(name, classNumbers.size());
        heads.count(known == null ? classNumbers.size() - 1 : known);
        if (known == null) {
            heads.text(name);
        }
        if (object.getClass().isArray()) {
            heads.count(Array.getLength(object));
        }
        return -1 - number;
    }

    private void write(Object object) throws Refused, IOException {
        if (object instanceof Object[] items) {
            for (Object item : items) {
                bodies.count(reference(item));
            }
            return;
        }
        Shape shape = Shape.of(object.getClass());
        if (shape.kind == Shape.Kind.NUMBERS) {
            writeNumbers(object);
            return;
        }
        for (int i = 0; i < shape.numbers.length; i++) {
            long at = shape.numbers[i];
            switch (shape.numberTypes[i]) {
                case 'I' -> bodies.data.writeInt(UNSAFE.getInt(object, at));
                case 'J' -> bodies.data.writeLong(UNSAFE.getLong(object, at));
                case 'D' -> bodies.data.writeDouble(UNSAFE.getDouble(object, at));
                case 'F' -> bodies.data.writeFloat(UNSAFE.getFloat(object, at));
                case 'Z' -> bodies.data.writeBoolean(UNSAFE.getBoolean(object, at));
                case 'C' -> bodies.data.writeChar(UNSAFE.getChar(object, at));
                case 'S' -> bodies.data.writeShort(UNSAFE.getShort(object, at));
                default -> bodies.data.writeByte(UNSAFE.getByte(object, at));
            }
        }
        for (long offset : shape.references) {
            bodies.count(reference(UNSAFE.getObject(object, offset)));
        }
    }

    private void writeNumbers(Object array) throws Refused, IOException {
        DataOutputStream out = bodies.data;
        if (array instanceof int[] numbers) {
            for (int number : numbers) {
                out.writeInt(number);
            }
        } else if (array instanceof long[] numbers) {
            for (long number : numbers) {
                out.writeLong(number);
            }
        } else if (array instanceof double[] numbers) {
            for (double number : numbers) {
                out.writeDouble(number);
            }
        } else if (array instanceof boolean[] flags) {
            for (boolean flag : flags) {
                out.writeBoolean(flag);
            }
        } else {
            throw new Refused("a game holds a " + array.getClass().getName());
        }
    }

    private int reference(Object object) throws Refused, IOException {
        if (object == null) {
            return 0;
        }
        Shape shape = Shape.of(object.getClass());
        switch (shape.kind) {
            case VALUE:
                return 2 * constant(object, object) + 1;
            case SINGLETON:
                if (object == shape.singleton) {
                    return 2 * constant(shape.type.getName().concat("\0"), object) + 1;
                }
                throw new Refused("a second " + shape.type.getName());
            case FOREIGN:
                throw new Refused("a game holds a " + shape.type.getName());
            default:
                return 2 * number(object) + 2;
        }
    }

    private int constant(Object key, Object value) throws IOException {
        Integer known = constantNumbers.putIfAbsent(key, constantNumbers.size());
        if (known != null) {
            return known;
        }
        DataOutputStream out = constants.data;
        if (value instanceof String text) {
            out.writeByte('T');
            constants.text(text);
        } else if (value instanceof Integer number) {
            out.writeByte('I');
            out.writeInt(number);
        } else if (value instanceof Long number) {
            out.writeByte('J');
            out.writeLong(number);
        } else if (value instanceof Double number) {
            out.writeByte('D');
            out.writeDouble(number);
        } else if (value instanceof Float number) {
            out.writeByte('F');
            out.writeFloat(number);
        } else if (value instanceof Boolean flag) {
            out.writeByte('Z');
            out.writeBoolean(flag);
        } else if (value instanceof Character letter) {
            out.writeByte('C');
            out.writeChar(letter);
        } else if (value instanceof Short number) {
            out.writeByte('S');
            out.writeShort(number);
        } else if (value instanceof Byte number) {
            out.writeByte('B');
            out.writeByte(number);
        } else {
            out.writeByte('M');
            constants.text(value.getClass().getName());
        }
        return constantNumbers.size() - 1;
    }

    /** One stretch of the result. */
    private static final class Part extends ByteArrayOutputStream {
        final DataOutputStream data = new DataOutputStream(this);

        Part() {
            super(1 << 16);
        }

        void count(int number) {
            while (number > 127) {
                write(number & 127 | 128);
                number >>>= 7;
            }
            write(number);
        }

        void text(String text) throws IOException {
            byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_16BE);
            count(bytes.length);
            data.write(bytes);
        }
    }
}
