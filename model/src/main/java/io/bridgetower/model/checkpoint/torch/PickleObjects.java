package io.bridgetower.model.checkpoint.torch;

import java.util.List;

/**
 * What a pickle may name, call and refer to. A {@link PickleReader} can do nothing else than ask this: no name of the
 * file ever becomes a class or a method of the JVM.
 */
interface PickleObjects {
    /** A refusal; the reader adds the file and the place. */
    final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String problem) {
            super(problem);
        }
    }

    /** Whether values that no state dict needs are passed over, {@link Unmade}, instead of refused. */
    boolean passesOver();

    /** What {@code module.name} stands for. */
    Object named(String module, String name) throws RefusedException;

    /** The result of calling a thing that {@link #named} returned. */
    Object call(Object function, List<Object> arguments) throws RefusedException;

    /** The object outside the pickle that an id refers to. */
    Object persistent(Object id) throws RefusedException;
}
