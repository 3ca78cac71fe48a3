package io.bridgetower.cli.forward;

import io.bridgetower.engine.Tensor;
import io.bridgetower.model.checkpoint.Checkpoint;
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

    /**
     * An output of a head, which there may be or not.
     *
     * @param needed the name of what it needs in addition to texts and images; null for nothing
     */
    static ForwardOutput ofHead(
            Checkpoint checkpoint, ForwardInputs inputs, String name, boolean hasHead, String needed, Value value) {
        String obstacle = null;
        if (!hasHead) obstacle = checkpoint.directory() + ": the checkpoint has no head for " + name;
        else if (needed != null && !inputs.has(needed)) {
            obstacle = inputs.path() + ": " + name + " needs " + needed + ", which is not there";
        }
        return new ForwardOutput(name, true, obstacle, value);
    }

    /** How a number is computed. */
    @FunctionalInterface
    interface Scalar {
        double compute() throws IOException;
    }

    /** A value that is a number. */
    static Value scalar(Scalar scalar) {
        return (writer, name) -> writer.add(name, new float[] {(float) scalar.compute()});
    }

    /** Adds rows of the same length, of which there is at least one. */
    static void addRows(SafetensorsWriter writer, String name, float[][] rows) {
        int columns = rows[0].length;
        float[] values = new float[rows.length * columns];
        for (int i = 0; i < rows.length; i++) System.arraycopy(rows[i], 0, values, i * columns, columns);
        writer.add(name, values, rows.length, columns);
    }

    /** Whether a selector names it or a group that it belongs to: {@code itm} names {@code itm.logits}. */
    boolean isMeantBy(String selector) {
        return name.equals(selector) || name.startsWith(selector + ".");
    }
}
