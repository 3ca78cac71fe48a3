package io.bridgetower.model.layers;

import io.bridgetower.engine.kernel.EmbeddingTable;
import io.bridgetower.engine.kernel.LayerNorm;
import io.bridgetower.engine.kernel.Rows;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workspace;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.TextBatch;
import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.PositionEmbeddingType;
import io.bridgetower.model.runtime.Parameters;
import java.lang.ref.Reference;

/** Word, token type and, where positions are absolute, position embeddings of the text tower, summed and normalised. */
final class TextEmbeddings {
    private final EmbeddingTable words;
    private final Matrix tokenTypes;
    private final Matrix positions;
    private final LayerNorm norm;

    TextEmbeddings(Parameters parameters, BridgeTowerTextConfig config) throws MalformedFileException {
        int hidden = config.hiddenSize();
        words = parameters.embeddings("word_embeddings.weight", config.vocabSize(), hidden);
        tokenTypes = Matrix.of(parameters.tensor("token_type_embeddings.weight", config.typeVocabSize(), hidden));
        // Relative positions enter the attention instead.
        positions = config.positionEmbeddingType() == PositionEmbeddingType.ABSOLUTE
                ? Matrix.of(parameters.tensor("position_embeddings.weight", config.maxPositionEmbeddings(), hidden))
                : null;
        norm = parameters.layerNorm("LayerNorm", hidden, config.layerNormEps());
    }

    /** @param y [rows, hidden], a row for each row of the batch */
    public void forward(Workspace workspace, TextBatch batch, Matrix y) {
        Matrix embeds = batch.embeds();
        for (int row = 0; row < batch.rows(); row++) {
            if (embeds == null) words.copyRow(batch.id(row), y, row);
            else Rows.copy(embeds, batch.source(row), y, row);
            Rows.add(tokenTypes, batch.type(row), y, row);
            if (positions != null) Rows.add(positions, batch.position(row), y, row);
        }
        Reference.reachabilityFence(batch);
        norm.apply(workspace, y, y);
    }
}
