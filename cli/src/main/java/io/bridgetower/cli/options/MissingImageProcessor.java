package io.bridgetower.cli.options;

import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.ImageProcessorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The note that a model does not say how its images are to be processed. */
public final class MissingImageProcessor {
    private MissingImageProcessor() {}

    /**
     * Writes the note if a model directory has no file that configures the image processor; a file of the authors' code needs
     * none.
     */
    public static void note(Path directory, Streams streams) throws IOException {
        if (!Files.isDirectory(directory)) return;
        if (ImageProcessor.configFile(directory).isPresent()) return;
        streams.note(directory + ": no preprocessor_config.json, and no processor_config.json with an image_processor:"
                + " images are processed with the defaults, " + ImageProcessorConfig.DEFAULT.size()
                + " pixels and the mean of CLIP");
    }
}
