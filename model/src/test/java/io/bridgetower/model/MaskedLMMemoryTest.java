package io.bridgetower.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.model.config.BridgeTowerTextConfig;
import io.bridgetower.model.config.SmallConfig;
import io.bridgetower.model.init.RandomWeights;
import io.bridgetower.testing.ForkedJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logits of a batch that are larger than the heap, 206 MB, in a process that has 128 MB. */
class MaskedLMMemoryTest {
    @TempDir
    private static Path directory;

    @BeforeAll
    static void writeAModelWithALargeVocabulary() throws IOException {
        BridgeTowerTextConfig text = SmallConfig.text(32, 2)
                .vocabSize(MaskedLMMemoryRun.VOCABULARY)
                .maxPositionEmbeddings(MaskedLMMemoryRun.TOKENS + 2)
                .build();
        RandomWeights.write(
                SmallConfig.model(text, 32, 1).tieWordEmbeddings(true).build(), 5, directory);
    }

    @Test
    void theyFitAndAreTheSameHoweverTheyAreTaken() throws IOException {
        String output =
                new ForkedJvm(MaskedLMMemoryRun.class).option("-Xmx128m").run(directory);
        List<String> lines =
                output.lines().filter(line -> !line.startsWith("WARNING")).toList();
        assertEquals(
                List.of("CLOSED", "CLOSED", "CLOSED", "DROPPED", "DROPPED", "DROPPED", "STREAMED"),
                lines.stream().map(line -> line.split(" ")[0]).toList());
        assertEquals(
                1, lines.stream().map(line -> line.split(" ")[1]).distinct().count(), output);
    }
}
