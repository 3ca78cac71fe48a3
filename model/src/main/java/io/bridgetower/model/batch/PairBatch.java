package io.bridgetower.model.batch;

import io.bridgetower.engine.attention.Attention;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;

/** Pairs of a text and an image that are fused together: the rows of all texts one under the other, so of all images. */
public final class PairBatch {
    private final EncodedPairs pairs;
    private final int first;
    private final int count;
    private final int[] textStarts;
    private final int[] imageStarts;

    /** {@code count} of the pairs, from {@code first} on. */
    public PairBatch(EncodedPairs pairs, int first, int count) {
        this.pairs = pairs;
        this.first = first;
        this.count = count;
        textStarts = new int[count + 1];
        imageStarts = new int[count + 1];
        for (int i = 0; i < count; i++) {
            textStarts[i + 1] = textStarts[i] + pairs.texts()[first + i].tokens();
            imageStarts[i + 1] = imageStarts[i] + pairs.images()[first + i].tokens();
        }
    }

    /** Number of pairs. */
    public int size() {
        return count;
    }

    /** Index of the first pair in the whole batch. */
    public int first() {
        return first;
    }

    public int textRows() {
        return textStarts[count];
    }

    public int imageRows() {
        return imageStarts[count];
    }

    /** The rows of one text in a matrix of all text rows. */
    public Matrix text(int pair, Matrix rows) {
        return rows.rows(textStarts[pair], pairs.texts()[first + pair].tokens());
    }

    /** The rows of one image in a matrix of all image rows. */
    public Matrix image(int pair, Matrix rows) {
        return rows.rows(imageStarts[pair], pairs.images()[first + pair].tokens());
    }

    /** The text of a pair. */
    public BridgedStates text(int pair) {
        return pairs.texts()[first + pair];
    }

    /** The image of a pair. */
    public BridgedStates image(int pair) {
        return pairs.images()[first + pair];
    }

    /** What the first layer's self-attention has made of all texts. */
    public Matrix attendedTexts(Workspace workspace) {
        Matrix rows = workspace.matrix(textRows(), text(0).shape().hidden());
        for (int i = 0; i < count; i++) copyAttended(workspace, text(i), text(i, rows));
        return rows;
    }

    /** What the first layer's self-attention has made of all images. */
    public Matrix attendedImages(Workspace workspace) {
        Matrix rows = workspace.matrix(imageRows(), image(0).shape().hidden());
        for (int i = 0; i < count; i++) copyAttended(workspace, image(i), image(i, rows));
        return rows;
    }

    /** The first row of every text, one per pair. */
    public Matrix firstTextRows(Workspace workspace, Matrix rows) {
        return firstRows(workspace, rows, textStarts);
    }

    /** The first row of every image, one per pair. */
    public Matrix firstImageRows(Workspace workspace, Matrix rows) {
        return firstRows(workspace, rows, imageStarts);
    }

    /**
     * What texts attend to.
     *
     * @param firstOnly whether the queries are {@link #firstTextRows} instead of all rows
     */
    public Routes fromTexts(boolean firstOnly) {
        return routes(textStarts, firstOnly, this::overText, this::overImage);
    }

    /**
     * What images attend to.
     *
     * @param firstOnly whether the queries are {@link #firstImageRows} instead of all rows
     */
    public Routes fromImages(boolean firstOnly) {
        return routes(imageStarts, firstOnly, this::overImage, this::overText);
    }

    @FunctionalInterface
    private interface Keys {
        Attention.Sequence over(int firstQuery, int queries, int pair);
    }

    private Routes routes(int[] starts, boolean firstOnly, Keys own, Keys other) {
        int[] tokens = new int[count];
        Attention.Sequence[] self = new Attention.Sequence[count], cross = new Attention.Sequence[count];
        for (int i = 0; i < count; i++) {
            int from = firstOnly ? i : starts[i], rows = firstOnly ? 1 : starts[i + 1] - starts[i];
            self[i] = own.over(from, rows, i);
            cross[i] = other.over(from, rows, i);
            tokens[i] = Math.min(rows, self[i].attended());
        }
        return new Routes(new Route(self, tokens, null), new Route(cross, tokens, null));
    }

    private static void copyAttended(Workspace workspace, BridgedStates from, Matrix to) {
        long mark = workspace.mark();
        Matrix attended = from.attended(workspace);
        for (int row = 0; row < to.rows(); row++) Rows.copy(attended, row, to, row);
        workspace.release(mark);
    }

    private Attention.Sequence overText(int firstQuery, int queries, int pair) {
        BridgedStates text = pairs.texts()[first + pair];
        return new Attention.Sequence(firstQuery, queries, textStarts[pair], text.tokens(), text.visible());
    }

    private Attention.Sequence overImage(int firstQuery, int queries, int pair) {
        return new Attention.Sequence(
                firstQuery, queries, imageStarts[pair], pairs.images()[first + pair].tokens(), null);
    }

    private Matrix firstRows(Workspace workspace, Matrix rows, int[] starts) {
        Matrix firstRows = workspace.matrix(count, rows.columns());
        for (int i = 0; i < count; i++) Rows.copy(rows, starts[i], firstRows, i);
        return firstRows;
    }
}
