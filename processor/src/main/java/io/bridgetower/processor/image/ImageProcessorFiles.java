package io.bridgetower.processor.image;

import io.bridgetower.files.AtomicFile;
import io.bridgetower.files.JsonReader;
import io.bridgetower.files.JsonWriter;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * The files of a model directory that hold an image processor's configuration: {@code processor_config.json} of
 * Transformers 5, where it is the object {@code image_processor}, and {@code preprocessor_config.json}, which is that
 * object itself. Where both are there, the first is the one that counts, as in Transformers 5.
 */
final class ImageProcessorFiles {
    static final String FLAT = "preprocessor_config.json";
    static final String NESTED = "processor_config.json";

    private static final String SECTION = "image_processor";

    /** Real files have less than 2 KB. */
    private static final int MAX_BYTES = 1 << 18;

    private ImageProcessorFiles() {}

    /** The file that configures the image processor of a directory, or null if there is none. */
    static Path find(Path directory) throws IOException {
        Path nested = directory.resolve(NESTED), flat = directory.resolve(FLAT);
        if (Files.exists(nested) && readObject(nested).get(SECTION) != null) return nested;
        return Files.exists(flat) ? flat : null;
    }

    /** Reads either form. */
    static ImageProcessor read(Path file) throws IOException {
        Map<String, Object> fields = readObject(file);
        if (fields.get(SECTION) == null) return new ImageProcessorJson(file, "").read(fields);
        return new ImageProcessorJson(file, SECTION + ".").read(object(file, SECTION, fields.get(SECTION)));
    }

    /** Writes {@link #FLAT}, and the section of {@link #NESTED} if the directory has one, which would go before it. */
    static void write(ImageProcessor processor, Path directory) throws IOException {
        Map<String, Object> fields = ImageProcessorJson.write(processor);
        Path nested = directory.resolve(NESTED);
        if (Files.exists(nested)) {
            Map<String, Object> whole = readObject(nested);
            if (whole.replace(SECTION, fields) != null) AtomicFile.write(nested, JsonWriter.indented(whole));
        }
        fields.put("processor_class", "BridgeTowerProcessor");
        AtomicFile.write(directory.resolve(FLAT), JsonWriter.indented(fields));
    }

    private static Map<String, Object> readObject(Path file) throws IOException {
        long length = Files.size(file);
        if (length > MAX_BYTES) {
            throw new MalformedFileException(
                    file, null, String.format(Locale.ROOT, "%d bytes, expected at most %d", length, MAX_BYTES));
        }
        try (JsonReader json = new JsonReader(file, Files.newInputStream(file))) {
            Object value = json.value();
            json.end();
            return object(file, null, value);
        }
    }

    @SuppressWarnings("unchecked") // the reader makes no other map
    private static Map<String, Object> object(Path file, String field, Object value) throws MalformedFileException {
        if (value instanceof Map<?, ?> map) return (Map<String, Object>) map;
        throw new MalformedFileException(file, field, "expected an object");
    }
}
