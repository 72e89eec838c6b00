package agentgym;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import sun.misc.Unsafe;

/**
 * Numbers objects by identity, in the order in which they are first met.
 *
 * <p>With the fixed hash that makes games repeatable, all identity hashes are equal, and
 * an IdentityHashMap is a list. So this hashes the object's address. A garbage collection
 * moves objects; then the work has to be done again, which `isDisturbed` tells.
 */
@SuppressWarnings({"deprecation", "removal"})
final class Numbering {
    private static final Unsafe UNSAFE = Shape.UNSAFE;
    private static final long BASE = UNSAFE.arrayBaseOffset(Object[].class);
    private static final boolean NARROW = UNSAFE.arrayIndexScale(Object[].class) == 4;

    // Nothing else holds this referent, so any collection of young objects clears it.
    private final WeakReference<Object> canary = new WeakReference<>(new Object());
    private final Object[] holder = new Object[1];
    private int[] table = new int[1 << 14];
    private long[] addresses = new long[1 << 13];
    Object[] objects = new Object[1 << 13];
    int size;

    boolean isDisturbed() {
        return canary.refersTo(null);
    }

    /** The number of an object; `-1 - number` if it has just got it. */
    int of(Object object) {
        long address = address(object);
        int mask = table.length - 1;
        int slot = slot(address, mask);
        while (table[slot] != 0) {
            int number = table[slot] - 1;
            if (objects[number] == object) {
                return number;
            }
            slot = (slot + 1) & mask;
        }
        if (size == objects.length) {
            grow();
            mask = table.length - 1;
            slot = slot(address, mask);
            while (table[slot] != 0) {
                slot = (slot + 1) & mask;
            }
        }
        table[slot] = size + 1;
        addresses[size] = address;
        objects[size] = object;
        return -1 - size++;
    }

    private void grow() {
        objects = Arrays.copyOf(objects, 2 * size);
        addresses = Arrays.copyOf(addresses, 2 * size);
        table = new int[4 * size];
        int mask = table.length - 1;
        for (int i = 0; i < size; i++) {
            int slot = slot(addresses[i], mask);
            while (table[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            table[slot] = i + 1;
        }
    }

    private static int slot(long address, int mask) {
        return (int) ((address * 0x9E3779B97F4A7C15L) >>> 40) & mask;
    }

    private long address(Object object) {
        holder[0] = object;
        return NARROW ? UNSAFE.getInt(holder, BASE) : UNSAFE.getLong(holder, BASE);
    }
}
