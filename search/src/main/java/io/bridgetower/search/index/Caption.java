package io.bridgetower.search.index;

import java.util.Objects;

/**
 * A text, known by itself.
 *
 * @param text not null
 */
public record Caption(String text) implements Item {
    /** Demands a text. */
    public Caption {
        Objects.requireNonNull(text, "text");
    }

    /** The text. */
    @Override
    public String toString() {
        return text;
    }
}
