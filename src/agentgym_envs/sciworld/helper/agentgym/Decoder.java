package agentgym;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.InflaterInputStream;
import main.scala.scienceworld.runtime.Simplification;
import scienceworld.runtime.pythonapi.PythonInterface;
import sun.misc.Unsafe;

/**
 * Reads what Encoder wrote.
 *
 * <p>Makes objects of a game's classes only, and puts each into fields of its type only.
 * Damaged bytes are refused; they cost no more memory than their own size allows.
 */
@SuppressWarnings({"deprecation", "removal"})
final class Decoder {
    private static final Unsafe UNSAFE = Shape.UNSAFE;
    private static final int LARGEST = 1 << 21; // bytes; a game has about 160,000

    private final DataInputStream in;
    private Object[] objects = {};
    private Object[] constants = {};

    private Decoder(byte[] content) {
        in = new DataInputStream(new ByteArrayInputStream(content));
    }

    /** Decode a game. */
    static Session decode(byte[] deflated) throws Refused {
        try {
            byte[] content =
                    new InflaterInputStream(new ByteArrayInputStream(deflated))
                            .readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new Refused("too large for a game");
            }
            return new Decoder(content).session();
        } catch (IOException | RuntimeException | LinkageError error) {
            throw new Refused("damaged: " + error);
        }
    }

    private Session session() throws Refused, IOException {
        if (in.readInt() != Encoder.FORMAT) {
            throw new Refused("another format");
        }
        long random = in.readLong();
        long nextId = in.readLong();
        objects = new Object[bounded(in.readInt())];
        constants = new Object[bounded(in.readInt())];
        in.readInt();
        readHeads();
        in.readInt();
        for (int i = 0; i < constants.length; i++) {
            constants[i] = constant();
        }
        in.readInt();
        for (Object object : objects) {
            fill(object);
        }
        if (in.available() != 0) {
            throw new Refused("more bytes than a game");
        }
        return Session.of(roots(), random, nextId);
    }

    private Object[] roots() throws Refused {
        if (objects.length == 0
                || !(objects[0] instanceof Object[] roots)
                || roots.length == 0
                || !(roots[0] instanceof PythonInterface face)
                || face.agentInterface() == null
                || face.agentInterface().isEmpty()) {
            throw new Refused("no game");
        }
        for (int i = 1; i < roots.length; i++) {
            if (!(roots[i] instanceof Simplification)) {
                throw new Refused("no list of simplifications");
            }
        }
        return roots;
    }

    /** A number of things that take at least a byte each. */
    private int bounded(int number) throws Refused, IOException {
        if (number < 0 || number > in.available()) {
            throw new Refused("cut off");
        }
        return number;
    }

    private void readHeads() throws Refused, IOException {
        List<Shape> shapes = new ArrayList<>();
        int room = in.available();
        for (int i = 0; i < objects.length; i++) {
            int number = count();
            if (number == shapes.size()) {
                shapes.add(shape(text()));
            }
            Shape shape = shapes.get(number);
            boolean isArray = shape.type.isArray();
            int length = isArray ? count() : shape.numbers.length + shape.references.length;
            // Each item or field will take at least a byte.
            room -= length;
            if (length < 0 || room < 0) {
                throw new Refused("cut off");
            }
            objects[i] =
                    isArray
                            ? Array.newInstance(shape.type.getComponentType(), length)
                            : Copier.make(shape.type);
        }
    }

    private static Shape shape(String name) throws Refused {
        String item = name.replaceFirst("^\\[+L?", "").replaceFirst(";$", "");
        boolean isArray = name.startsWith("[");
        boolean isPlain = isArray && (item.length() == 1 || item.startsWith("java.lang."));
        if (!isPlain && !Shape.allows(item)) {
            throw new Refused("a game holds no " + name);
        }
        try {
            Shape shape = Shape.of(Class.forName(name, false, Decoder.class.getClassLoader()));
            switch (shape.kind) {
                case OBJECT, REFERENCES, NUMBERS -> {
                    return shape;
                }
                default -> throw new Refused("a game holds no " + name);
            }
        } catch (ClassNotFoundException error) {
            throw new Refused("there is no class " + name);
        }
    }

    private Object constant() throws Refused, IOException {
        byte kind = in.readByte();
        switch (kind) {
            case 'T':
                return text();
            case 'I':
                return in.readInt();
            case 'J':
                return in.readLong();
            case 'D':
                return in.readDouble();
            case 'F':
                return in.readFloat();
            case 'Z':
                return in.readBoolean();
            case 'C':
                return in.readChar();
            case 'S':
                return in.readShort();
            case 'B':
                return in.readByte();
            case 'M':
                return singleton(text());
            default:
                throw new Refused("no constant of kind " + kind);
        }
    }

    private static Object singleton(String name) throws Refused {
        try {
            if (Shape.allows(name)) {
                Class<?> type = Class.forName(name, false, Decoder.class.getClassLoader());
                Shape shape = Shape.of(type);
                if (shape.kind == Shape.Kind.SINGLETON) {
                    return shape.singleton;
                }
            }
        } catch (ClassNotFoundException error) {
            // Refused below.
        }
        throw new Refused("a game holds no " + name);
    }

    private void fill(Object object) throws Refused, IOException {
        Shape shape = Shape.of(object.getClass());
        if (object instanceof Object[] items) {
            Class<?> type = shape.type.getComponentType();
            for (int i = 0; i < items.length; i++) {
                items[i] = reference(type);
            }
            return;
        }
        if (shape.kind == Shape.Kind.NUMBERS) {
            fillNumbers(object);
            return;
        }
        for (int i = 0; i < shape.numbers.length; i++) {
            long at = shape.numbers[i];
            switch (shape.numberTypes[i]) {
                case 'I' -> UNSAFE.putInt(object, at, in.readInt());
                case 'J' -> UNSAFE.putLong(object, at, in.readLong());
                case 'D' -> UNSAFE.putDouble(object, at, in.readDouble());
                case 'F' -> UNSAFE.putFloat(object, at, in.readFloat());
                case 'Z' -> UNSAFE.putBoolean(object, at, in.readBoolean());
                case 'C' -> UNSAFE.putChar(object, at, in.readChar());
                case 'S' -> UNSAFE.putShort(object, at, in.readShort());
                default -> UNSAFE.putByte(object, at, in.readByte());
            }
        }
        for (int i = 0; i < shape.references.length; i++) {
            Object value = reference(shape.referenceTypes[i]);
            UNSAFE.putObject(object, shape.references[i], value);
        }
    }

    private void fillNumbers(Object array) throws Refused, IOException {
        if (array instanceof int[] numbers) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = in.readInt();
            }
        } else if (array instanceof long[] numbers) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = in.readLong();
            }
        } else if (array instanceof double[] numbers) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = in.readDouble();
            }
        } else if (array instanceof boolean[] flags) {
            for (int i = 0; i < flags.length; i++) {
                flags[i] = in.readBoolean();
            }
        } else {
            throw new Refused("a game holds no " + array.getClass().getName());
        }
    }

    private Object reference(Class<?> type) throws Refused, IOException {
        int code = count();
        if (code == 0) {
            return null;
        }
        Object[] from = (code & 1) == 1 ? constants : objects;
        int number = (code - 1) >>> 1;
        if (number >= from.length) {
            throw new Refused("a reference to nothing");
        }
        Object value = from[number];
        if (!type.isInstance(value)) {
            throw new Refused("no " + type.getName());
        }
        return value;
    }

    private int count() throws Refused, IOException {
        int number = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int part = in.readUnsignedByte();
            number |= (part & 127) << shift;
            if (part < 128) {
                return number;
            }
        }
        throw new Refused("no number");
    }

    private String text() throws Refused, IOException {
        byte[] bytes = new byte[bounded(count())];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_16BE);
    }
}
