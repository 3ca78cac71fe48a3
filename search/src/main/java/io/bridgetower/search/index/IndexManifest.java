package io.bridgetower.search.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.bridgetower.files.AtomicFile;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What is in an index, from {@code manifest.json}.
 *
 * @param model what made its vectors
 * @param imageRoot the directory that paths of images are stored relative to; null for none
 * @param images how many it holds, as of the last commit
 * @param captions how many it holds, as of the last commit
 */
public record IndexManifest(IndexModel model, String imageRoot, long images, long captions) {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final long LARGEST_FILE = 1 << 20;

    private static final String FORMAT = "format";
    private static final String FORMAT_NAME = "bridgetower-index-2";
    private static final String MODEL = "model";
    private static final String FINGERPRINT = "fingerprint";
    private static final String WIDTH = "width";
    private static final String IMAGE_PROCESSOR = "image_processor";
    private static final String IMAGE_ROOT = "image_root";
    private static final String IMAGES = "images";
    private static final String CAPTIONS = "captions";

    /**
     * That of an index.
     *
     * @param directory the index
     * @throws MalformedFileException if its manifest is damaged, or of another version
     * @throws java.nio.file.NoSuchFileException if there is no index
     * @throws IOException if it cannot be read
     */
    public static IndexManifest of(Path directory) throws IOException {
        return new IndexFiles(directory).readManifest();
    }

    /**
     * Demands the model of the index.
     *
     * @param file named in the complaint
     * @throws MalformedFileException if it is another
     */
    void check(Path file, IndexModel found) throws MalformedFileException {
        if (!model.fingerprint().equals(found.fingerprint()) || model.width() != found.width()) {
            throw new MalformedFileException(
                    file,
                    FINGERPRINT,
                    "the index holds vectors of another model: expected " + model.name() + " (" + model.fingerprint()
                            + "), found " + found.name() + " (" + found.fingerprint() + ")");
        }
        if (!model.imageProcessor().equals(found.imageProcessor())) {
            throw new MalformedFileException(
                    file,
                    IMAGE_PROCESSOR,
                    "the index holds vectors of images that were processed otherwise: expected "
                            + model.imageProcessor() + ", found " + found.imageProcessor());
        }
    }

    /**
     * The directory that paths of images are relative to.
     *
     * @param file named in the complaint
     * @throws MalformedFileException if the manifest says something else than an absolute path of this system
     */
    ImageRoot root(Path file) throws MalformedFileException {
        try {
            return new ImageRoot(imageRoot == null ? null : Path.of(imageRoot));
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(
                    file, IMAGE_ROOT, "expected an absolute path, found " + imageRoot + "; give another root", e);
        }
    }

    static IndexManifest read(Path file) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new MalformedFileException(file, null, Files.size(file) + " bytes, expected at most " + LARGEST_FILE);
        }
        Map<String, String> fields = fields(file);
        String format = text(file, fields, FORMAT);
        if (!format.equals(FORMAT_NAME)) {
            throw new MalformedFileException(
                    file, FORMAT, "expected " + FORMAT_NAME + ", found " + format + ": index anew");
        }
        long width = number(file, fields, WIDTH);
        if (width < 1 || width > Integer.MAX_VALUE) {
            throw new MalformedFileException(file, WIDTH, "expected a number of elements, found " + width);
        }
        IndexModel model = new IndexModel(
                text(file, fields, MODEL),
                text(file, fields, FINGERPRINT),
                (int) width,
                text(file, fields, IMAGE_PROCESSOR));
        return new IndexManifest(
                model, fields.get(IMAGE_ROOT), number(file, fields, IMAGES), number(file, fields, CAPTIONS));
    }

    /** Writes the file whole or not at all. */
    void write(Path file) throws IOException {
        AtomicFile.write(file, json());
    }

    private String json() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField(FORMAT, FORMAT_NAME);
            json.writeStringField(MODEL, model.name());
            json.writeStringField(FINGERPRINT, model.fingerprint());
            json.writeNumberField(WIDTH, model.width());
            json.writeStringField(IMAGE_PROCESSOR, model.imageProcessor());
            if (imageRoot != null) json.writeStringField(IMAGE_ROOT, imageRoot);
            json.writeNumberField(IMAGES, images);
            json.writeNumberField(CAPTIONS, captions);
            json.writeEndObject();
        }
        return text.append('\n').toString();
    }

    private static Map<String, String> fields(Path file) throws IOException {
        Map<String, String> fields = new HashMap<>();
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        try (JsonParser json = FACTORY.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedFileException(file, null, "expected an object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (!json.nextToken().isScalarValue()) {
                    throw new MalformedFileException(file, name, "expected a text or a number");
                }
                fields.put(name, json.getText());
            }
        } catch (JsonProcessingException e) {
            throw new MalformedFileException(file, null, "not JSON: " + e.getOriginalMessage(), e);
        }
        return fields;
    }

    private static String text(Path file, Map<String, String> fields, String name) throws MalformedFileException {
        String value = fields.get(name);
        if (value == null) throw new MalformedFileException(file, name, "missing");
        return value;
    }

    private static long number(Path file, Map<String, String> fields, String name) throws MalformedFileException {
        String value = text(file, fields, name);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new MalformedFileException(file, name, "expected an integer, found " + value, e);
        }
    }
}
