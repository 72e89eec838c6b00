package agentgym;

import java.lang.reflect.Field;
import java.util.Random;

/**
 * The generator of java.util.Random, with a state that can be read and put back.
 *
 * <p>The engine draws from one generator for all games, so each game's own state has to
 * be swapped in before it plays.
 */
final class Generator extends Random {
    private static final long serialVersionUID = 1;
    private static final long MULTIPLIER = 0x5DEECE66DL;
    private static final long MASK = (1L << 48) - 1;

    long state;

    /** Become the engine's generator. */
    void install() throws ReflectiveOperationException {
        Field self = scala.util.Random.class.getDeclaredField("self");
        self.setAccessible(true);
        self.set(scala.util.Random$.MODULE$, this);
    }

    @Override
    public void setSeed(long seed) {
        super.setSeed(seed);
        state = (seed ^ MULTIPLIER) & MASK;
    }

    @Override
    protected int next(int bits) {
        state = (state * MULTIPLIER + 0xBL) & MASK;
        return (int) (state >>> (48 - bits));
    }
}
