package io.bridgetower.model;

import io.bridgetower.engine.LayerNorm;
import io.bridgetower.engine.MalformedFileException;
import io.bridgetower.engine.Matrix;
import io.bridgetower.engine.Rows;
import io.bridgetower.engine.Workspace;

/** Word, token type and position embeddings of the text tower, summed and normalised. */
final class TextEmbeddings {
    private final Matrix words;
    private final Matrix tokenTypes;
    private final Matrix positions;
    private final LayerNorm norm;

    TextEmbeddings(Parameters parameters, BridgeTowerTextConfig config) throws MalformedFileException {
        int hidden = config.hiddenSize();
        words = Matrix.of(parameters.tensor("word_embeddings.weight", config.vocabSize(), hidden));
        tokenTypes = Matrix.of(parameters.tensor("token_type_embeddings.weight", config.typeVocabSize(), hidden));
        positions = Matrix.of(parameters.tensor("position_embeddings.weight", config.maxPositionEmbeddings(), hidden));
        norm = parameters.layerNorm("LayerNorm", hidden, config.layerNormEps());
    }

    /** @param y [rows, hidden], a row for each row of the batch */
    void forward(Workspace workspace, TextBatch batch, Matrix y) {
        for (int row = 0; row < batch.rows(); row++) {
            Rows.copy(words, batch.id(row), y, row);
            Rows.add(tokenTypes, 0, y, row);
            Rows.add(positions, batch.position(row), y, row);
        }
        norm.apply(workspace, y, y);
    }
}
