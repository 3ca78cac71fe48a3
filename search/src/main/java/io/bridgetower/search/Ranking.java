package io.bridgetower.search;

import io.bridgetower.search.index.Item;
import java.util.List;

/**
 * What a {@link Reranker} makes of proposals.
 *
 * @param ranked the most probable first
 * @param skipped proposals that could not be read
 */
public record Ranking<T extends Item>(List<Ranked<T>> ranked, List<Skipped> skipped) {
    /** Keeps copies. */
    public Ranking {
        ranked = List.copyOf(ranked);
        skipped = List.copyOf(skipped);
    }
}
