package io.bridgetower.cli.search;

import io.bridgetower.search.Ranked;
import io.bridgetower.search.index.Hit;
import io.bridgetower.search.index.Item;
import java.util.OptionalDouble;

/**
 * What a search has found.
 *
 * @param probability of a match; empty where nothing has read it together with the query
 */
record Found(Item item, double similarity, OptionalDouble probability) {
    static Found of(Hit<?> hit) {
        return new Found(hit.item(), hit.similarity(), OptionalDouble.empty());
    }

    static Found of(Ranked<?> ranked) {
        return new Found(ranked.item(), ranked.similarity(), OptionalDouble.of(ranked.probability()));
    }
}
