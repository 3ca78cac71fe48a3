package io.bridgetower.model.checkpoint.torch;

import java.util.HashMap;
import java.util.Map;

/**
 * What stands in a pickle's values for a class that is not known, and for its instances: nothing of it is run. Keeps what is
 * set in an instance, as a class that extends Python's {@code dict} may hold hyper-parameters.
 */
final class Unmade {
    private final String name;
    private final Map<Object, Object> items = new HashMap<>();

    /** @param name of the class, with its module */
    Unmade(String name) {
        this.name = name;
    }

    /** An instance of this class. */
    Unmade instance() {
        return new Unmade(name);
    }

    /** What is set in it, by its keys or by the names of its attributes. */
    Map<Object, Object> items() {
        return items;
    }
}
