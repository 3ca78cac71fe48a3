package io.bridgetower.model.batch;

import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.runtime.Matrix;
import java.util.Arrays;

/**
 * Which rows of a batch attend to which, and where the probabilities go.
 *
 * @param sequences one for each item, in the order of their rows
 * @param tokens how many queries of each sequence are more than padding. What way to compute is chosen by them, as the bits
 *     of a result must not depend on padding
 * @param probabilities filled; null to keep none
 */
public record Route(Attention.Sequence[] sequences, int[] tokens, Attention.Probabilities probabilities) {
    /** As the engine takes it. */
    public Attention.Pattern pattern() {
        return new Attention.Pattern(sequences, probabilities);
    }

    /** A route without padding. */
    public static Route of(Attention.Sequence[] sequences) {
        int[] tokens =
                Arrays.stream(sequences).mapToInt(Attention.Sequence::queries).toArray();
        return new Route(sequences, tokens, null);
    }

    /** The same route with a place for the probabilities, or null for none. */
    public Route keeping(Attention.Probabilities place) {
        return new Route(sequences, tokens, place);
    }

    /** Items from {@code first} to {@code end} as they lie in their {@link #queries} and {@link #keys}. */
    public Route part(int first, int end) {
        Attention.Sequence[] part = Arrays.copyOfRange(sequences, first, end);
        int query = part[0].firstQuery(), key = part[0].firstKey();
        Arrays.setAll(part, i -> part[i].moved(-query, -key));
        Attention.Probabilities places = probabilities == null
                ? null
                : new Attention.Probabilities(
                        Arrays.copyOfRange(probabilities.sequences(), first, end), probabilities.stride());
        return new Route(part, Arrays.copyOfRange(tokens, first, end), places);
    }

    /** The rows of some items that attend. */
    public Matrix queries(Matrix rows, int first, int end) {
        int from = sequences[first].firstQuery();
        return rows.rows(from, sequences[end - 1].firstQuery() + sequences[end - 1].queries() - from);
    }

    /** The rows of some items that are attended to. */
    public Matrix keys(Matrix rows, int first, int end) {
        int from = sequences[first].firstKey();
        return rows.rows(from, sequences[end - 1].firstKey() + sequences[end - 1].keys() - from);
    }
}
