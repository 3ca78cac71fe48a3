package io.bridgetower.processor.text;

import java.util.List;
import java.util.function.Function;

/**
 * The tokens of several texts, a row for each; where {@link EncodingOptions#windows()} asked for windows, a row for
 * each window, those of one text one after the other. Rows are of one length only if padding made them so. Immutable.
 */
public final class BatchEncoding {
    private final List<Encoding> rows;
    private final int[] samples;

    BatchEncoding(List<Encoding> rows, int[] samples) {
        this.rows = List.copyOf(rows);
        this.samples = samples;
    }

    /** How many rows there are. */
    public int size() {
        return rows.size();
    }

    /** One row. */
    public Encoding get(int row) {
        return rows.get(row);
    }

    /** The rows. */
    public List<Encoding> rows() {
        return rows;
    }

    /** Which of the texts a row belongs to. */
    public int sampleOf(int row) {
        return samples[row];
    }

    /** The ids, by row: what the model takes as input. */
    public int[][] inputIds() {
        return collect(Encoding::ids);
    }

    /** 1 for a token, 0 for padding, by row. */
    public int[][] attentionMask() {
        return collect(Encoding::attentionMask);
    }

    /** The token types by row, all 0. */
    public int[][] typeIds() {
        return collect(Encoding::typeIds);
    }

    /** 1 for tokens that stand for no text, by row. */
    public int[][] specialTokensMask() {
        return collect(Encoding::specialTokensMask);
    }

    /** How many tokens each row has, padding included. */
    public int[] lengths() {
        return rows.stream().mapToInt(Encoding::length).toArray();
    }

    private int[][] collect(Function<Encoding, int[]> part) {
        return rows.stream().map(part).toArray(int[][]::new);
    }
}
