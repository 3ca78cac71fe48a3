package io.bridgetower.model.checkpoint.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where in a file of {@code torch.save} the tensors of a model are. */
class TorchStateDictTest {
    private static final long[] SHAPE = {2, 3};
    private static final long[] STRIDES = {3, 1};

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"state_dict", "model_state_dict", "model", "module"})
    void tensorsMayLieUnderATrainersField(String field) throws IOException {
        byte[] pickle = new PickleFixture()
                .op('}')
                .text("epoch")
                .integer(3)
                .op('s')
                .text("mean")
                .tensor("FloatStorage", "0", 6, 0, SHAPE, STRIDES)
                .op('s')
                .text(field)
                .op('}')
                .text("a")
                .tensor("FloatStorage", "0", 6, 0, SHAPE, STRIDES)
                .op('s')
                .op('s')
                .bytes();
        try (TorchFile file = open(ZipFixture.archive(pickle, PickleFixture.floats(6)))) {
            assertEquals(Set.of("a"), file.names());
        }
    }

    @Test
    void aFieldWithoutTensorsIsNoStateDict() throws IOException {
        byte[] pickle = new PickleFixture()
                .op('}')
                .text("model")
                .op('}')
                .text("layers")
                .integer(3)
                .op('s')
                .op('s')
                .text("a")
                .tensor("FloatStorage", "0", 6, 0, SHAPE, STRIDES)
                .op('s')
                .bytes();
        try (TorchFile file = open(ZipFixture.archive(pickle, PickleFixture.floats(6)))) {
            assertEquals(Set.of("a"), file.names());
        }
    }

    private TorchFile open(byte[] bytes) throws IOException {
        return TorchFile.open(Files.write(directory.resolve("pytorch_model.bin"), bytes));
    }
}
