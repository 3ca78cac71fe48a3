package io.bridgetower.model.checkpoint;

import io.bridgetower.model.checkpoint.tensor.TensorSource;
import java.io.IOException;
import java.nio.file.Path;

/** Files of weights that can be opened again. */
interface TensorFiles {
    /** The file of weights, or the index of several. */
    Path path();

    /** Maps them. */
    TensorSource open() throws IOException;
}
