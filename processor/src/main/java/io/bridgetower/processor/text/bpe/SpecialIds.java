package io.bridgetower.processor.text.bpe;

import java.util.EnumMap;
import java.util.Map;

/** The ids of the special tokens, by role. Immutable. */
public final class SpecialIds {
    private final Map<SpecialRole, Integer> ids;

    /** @param ids an id for every role */
    public SpecialIds(Map<SpecialRole, Integer> ids) {
        this.ids = new EnumMap<>(ids);
    }

    /** The id of the token that has {@code role}. */
    public int of(SpecialRole role) {
        return ids.get(role);
    }
}
