package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.SmallConfig;
import io.bridgetower.model.init.RandomWeights;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmUpTest {
    @TempDir
    private Path directory;

    /** Positions begin behind that of the padding token, which is 1 by default. */
    @ParameterizedTest
    @CsvSource({"2, 20, 1", "3, 20, 1", "6, 20, 2", "20, 20, 3", "20, 2, 1", "2, 1, 1"})
    void takesAsManyTokensAsTheModelDoes(int positions, int vocabulary, int threads) throws IOException {
        BridgeTowerTextConfig text = SmallConfig.text(32, 2)
                .maxPositionEmbeddings(positions)
                .vocabSize(vocabulary)
                .padTokenId(Math.min(1, vocabulary - 1))
                .build();
        RandomWeights.write(SmallConfig.model(text, 64, 1).build(), 3, directory);
        try (BridgeTowerModel model = BridgeTowerModel.load(directory, new ModelOptions(threads))) {
            new WarmUp(model).round();
            ModelUsage usage = model.usage();
            assertTrue(usage.texts() > 0 && usage.images() > 0 && usage.pairs() > 0, usage::toString);
            assertEquals(0, usage.encodingBytes());
        }
    }
}
