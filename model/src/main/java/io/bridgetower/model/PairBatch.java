package io.bridgetower.model;

import io.bridgetower.engine.Attention;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Workspace;

/** Pairs of a text and an image that are fused together: the rows of all texts one under the other, so of all images. */
final class PairBatch {
    private final TextEncoding[] texts;
    private final ImageEncoding[] images;
    private final int[] textStarts;
    private final int[] imageStarts;

    /** Pairs text i with image i. */
    PairBatch(TextEncoding[] texts, ImageEncoding[] images) {
        this.texts = texts;
        this.images = images;
        textStarts = new int[texts.length + 1];
        imageStarts = new int[images.length + 1];
        for (int i = 0; i < texts.length; i++) {
            textStarts[i + 1] = textStarts[i] + texts[i].tokens();
            imageStarts[i + 1] = imageStarts[i] + images[i].tokens();
        }
    }

    int size() {
        return texts.length;
    }

    int textRows() {
        return textStarts[size()];
    }

    int imageRows() {
        return imageStarts[size()];
    }

    /** The rows of one text in a matrix of all text rows. */
    Matrix text(int pair, Matrix rows) {
        return rows.rows(textStarts[pair], texts[pair].tokens());
    }

    /** The rows of one image in a matrix of all image rows. */
    Matrix image(int pair, Matrix rows) {
        return rows.rows(imageStarts[pair], images[pair].tokens());
    }

    /** What a cross-modal layer reads from a text. */
    Matrix textStage(int pair, int layer) {
        return texts[pair].stage(layer);
    }

    /** What a cross-modal layer reads from an image. */
    Matrix imageStage(int pair, int layer) {
        return images[pair].stage(layer);
    }

    /** The first row of every text, one per pair. */
    Matrix firstTextRows(Workspace workspace, Matrix rows) {
        return firstRows(workspace, rows, textStarts);
    }

    /** The first row of every image, one per pair. */
    Matrix firstImageRows(Workspace workspace, Matrix rows) {
        return firstRows(workspace, rows, imageStarts);
    }

    /**
     * Queries from texts.
     *
     * @param firstOnly whether the queries are {@link #firstTextRows} instead of all rows
     * @param toImages whether they attend to their image instead of their text
     */
    Attention.Sequence[] fromTexts(boolean firstOnly, boolean toImages) {
        Attention.Sequence[] sequences = new Attention.Sequence[size()];
        for (int i = 0; i < sequences.length; i++) {
            int first = firstOnly ? i : textStarts[i], rows = firstOnly ? 1 : texts[i].tokens();
            sequences[i] = toImages ? overImage(first, rows, i) : overText(first, rows, i);
        }
        return sequences;
    }

    /**
     * Queries from images.
     *
     * @param firstOnly whether the queries are {@link #firstImageRows} instead of all rows
     * @param toTexts whether they attend to their text instead of their image
     */
    Attention.Sequence[] fromImages(boolean firstOnly, boolean toTexts) {
        Attention.Sequence[] sequences = new Attention.Sequence[size()];
        for (int i = 0; i < sequences.length; i++) {
            int first = firstOnly ? i : imageStarts[i], rows = firstOnly ? 1 : images[i].tokens();
            sequences[i] = toTexts ? overText(first, rows, i) : overImage(first, rows, i);
        }
        return sequences;
    }

    private Attention.Sequence overText(int firstQuery, int queries, int pair) {
        return new Attention.Sequence(
                firstQuery, queries, textStarts[pair], texts[pair].tokens(), texts[pair].visible());
    }

    private Attention.Sequence overImage(int firstQuery, int queries, int pair) {
        return new Attention.Sequence(firstQuery, queries, imageStarts[pair], images[pair].tokens(), null);
    }

    private Matrix firstRows(Workspace workspace, Matrix rows, int[] starts) {
        Matrix first = workspace.matrix(size(), rows.columns());
        for (int i = 0; i < size(); i++) Rows.copy(rows, starts[i], first, i);
        return first;
    }
}
