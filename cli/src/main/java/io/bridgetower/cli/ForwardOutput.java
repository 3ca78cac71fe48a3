package io.bridgetower.cli;

import io.bridgetower.engine.Tensor;
import java.io.IOException;

/**
 * A tensor that {@code forward} can write.
 *
 * @param name its name in the file
 * @param byDefault whether it is written when nothing in particular is asked for
 * @param obstacle why it cannot be computed; null if it can
 * @param value computes it
 */
record ForwardOutput(String name, boolean byDefault, String obstacle, Value value) {
    /** How an output is computed. */
    @FunctionalInterface
    interface Value {
        Tensor compute() throws IOException;
    }

    /** Whether a selector names it or a group that it belongs to: {@code itm} names {@code itm.logits}. */
    boolean isMeantBy(String selector) {
        return name.equals(selector) || name.startsWith(selector + ".");
    }
}
