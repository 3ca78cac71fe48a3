package io.bridgetower.cli.forward;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
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
    /** How an output gets into the file. */
    @FunctionalInterface
    interface Value {
        /** Adds it to the file; what is large is computed when the file is written. */
        void addTo(SafetensorsWriter writer, String name) throws IOException;
    }

    /** Computes a tensor. */
    @FunctionalInterface
    interface Held {
        Tensor compute() throws IOException;
    }

    /** An output that is held in memory until the file is written. */
    static ForwardOutput of(String name, boolean byDefault, String obstacle, Held value) {
        return new ForwardOutput(name, byDefault, obstacle, held(value));
    }

    /** A value that is held in memory until the file is written. */
    static Value held(Held value) {
        return (writer, name) -> writer.add(name, value.compute());
    }

    /** Whether a selector names it or a group that it belongs to: {@code itm} names {@code itm.logits}. */
    boolean isMeantBy(String selector) {
        return name.equals(selector) || name.startsWith(selector + ".");
    }
}
