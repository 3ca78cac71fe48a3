package io.bridgetower.processor.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.JsonReader;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.raster.Resampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of Transformers 4 and 5 that configure an image processor: which of them is read, and what is written. */
class ImageProcessorFilesTest {
    private static final ImageProcessorConfig DEFAULT = ImageProcessorConfig.DEFAULT;
    private static final String FLAT = "preprocessor_config.json";
    private static final String NESTED = "processor_config.json";

    /** As Transformers 5.18 writes it, but for the sizes. */
    private static final String SECTION = """
        {"image_processor": {"crop_size": {"shortest_edge": 96}, "do_center_crop": true, "do_normalize": true,
          "do_pad": true, "do_rescale": true, "do_resize": true, "image_mean": [0.5, 0.5, 0.5],
          "image_processor_type": "BridgeTowerImageProcessor", "image_std": [0.5, 0.5, 0.5], "resample": 2,
          "rescale_factor": 0.00392156862745098, "size": {"shortest_edge": 98}, "size_divisor": 16},
         "processor_class": "BridgeTowerProcessor"}\
        """;

    private static final ImageProcessorConfig CONFIG = DEFAULT.toBuilder()
            .size(98)
            .cropSize(CropSize.square(96))
            .sizeDivisor(16)
            .resample(Resampling.BILINEAR)
            .imageMean(List.of(0.5, 0.5, 0.5))
            .imageStd(List.of(0.5, 0.5, 0.5))
            .build();

    @TempDir
    Path folder;

    @Test
    void theProcessorConfigOfVersion5IsRead() throws IOException {
        write(NESTED, SECTION);
        assertEquals(CONFIG, load());
        assertEquals(CONFIG, ImageProcessor.load(folder.resolve(NESTED)).config());
        assertEquals(Optional.of(folder.resolve(NESTED)), ImageProcessor.configFile(folder));
    }

    @Test
    void aNestedConfigurationGoesBeforeAFlatOne() throws IOException {
        write(FLAT, "{\"size\": 70}");
        write(NESTED, SECTION);
        assertEquals(CONFIG, load());
    }

    @Test
    void aProcessorConfigWithoutAnImageProcessorSaysNothing() throws IOException {
        for (String other : List.of("{\"processor_class\": \"BridgeTowerProcessor\"}", "{\"image_processor\": null}")) {
            write(NESTED, other);
            Files.deleteIfExists(folder.resolve(FLAT));
            assertEquals(Optional.empty(), ImageProcessor.configFile(folder));
            assertEquals(DEFAULT, load());
            write(FLAT, "{\"size\": 70}");
            assertEquals(Optional.of(folder.resolve(FLAT)), ImageProcessor.configFile(folder));
            assertEquals(DEFAULT.toBuilder().size(70).build(), load());
        }
    }

    @Test
    void complaintsNameTheFileAndTheFieldInTheSection() throws IOException {
        write(NESTED, "{\"image_processor\": {\"size\": 0}}");
        MalformedFileException e = assertThrows(MalformedFileException.class, this::load);
        assertEquals("image_processor.size", e.field());
        assertEquals(folder.resolve(NESTED), e.file());
        write(NESTED, "{\"image_processor\": 5}");
        assertEquals(
                "image_processor",
                assertThrows(MalformedFileException.class, this::load).field());
        write(NESTED, "{");
        assertThrows(MalformedFileException.class, () -> ImageProcessor.configFile(folder));
        write(NESTED, "{\"x\": \"" + "x".repeat(1 << 18) + "\"}");
        assertThrows(MalformedFileException.class, this::load);
    }

    /** As the large models on the Hub have it. */
    @Test
    void theLargeModelsFileIsReadAndItsOtherFieldsTravelAlong() throws IOException {
        write(FLAT, "{\"size\":294,\"max_text_len\":50,\"tokenizer\":\"roberta-large\",\"vocab_size\":50265}");
        assertEquals(DEFAULT.toBuilder().size(294).build(), load());
        ImageProcessor.load(folder).save(folder.resolve("new"));
        Map<String, Object> saved = object(folder.resolve("new").resolve(FLAT));
        assertEquals(50L, saved.get("max_text_len"));
        assertEquals("roberta-large", saved.get("tokenizer"));
        assertEquals(50265L, saved.get("vocab_size"));
        assertEquals(Map.of("shortest_edge", 294L), saved.get("size"));
        assertEquals(Map.of("shortest_edge", 294L), saved.get("crop_size"));
    }

    /** The only form that Transformers 4.57 and 5.18 both read; absent, it means 288 pixels in one and the size in the other. */
    @Test
    void aSquareCropIsAlwaysWrittenAsItsEdge() throws IOException {
        for (ImageProcessorConfig config : List.of(
                DEFAULT,
                DEFAULT.toBuilder().size(98).build(),
                DEFAULT.toBuilder().doCenterCrop(false).build(),
                DEFAULT.toBuilder().size(98).cropSize(CropSize.square(96)).build())) {
            new ImageProcessor(config).save(folder);
            long edge = config.effectiveCropSize().width();
            assertEquals(
                    Map.of("shortest_edge", edge), object(folder.resolve(FLAT)).get("crop_size"));
            assertEquals(config.toBuilder().cropSize(config.effectiveCropSize()).build(), load());
        }
    }

    @Test
    void aCropThatIsNotSquareIsWrittenAsHeightAndWidth() throws IOException {
        new ImageProcessor(DEFAULT.toBuilder().cropSize(new CropSize(64, 48)).build()).save(folder);
        assertEquals(
                Map.of("height", 64L, "width", 48L),
                object(folder.resolve(FLAT)).get("crop_size"));
        assertEquals(new CropSize(64, 48), load().cropSize());
    }

    /** Otherwise Transformers 5, and we, would go on reading the old one. */
    @Test
    void savingReplacesTheSectionOfAProcessorConfig() throws IOException {
        write(NESTED, SECTION.replace("\"processor_class\"", "\"chat_template\": [1, {}], \"processor_class\""));
        ImageProcessorConfig other =
                CONFIG.toBuilder().size(70).cropSize(CropSize.square(64)).build();
        new ImageProcessor(other).save(folder);
        assertEquals(other, load());
        assertEquals(other, ImageProcessor.load(folder.resolve(FLAT)).config());
        assertEquals(List.of(1L, Map.of()), object(folder.resolve(NESTED)).get("chat_template"));
        assertEquals("BridgeTowerProcessor", object(folder.resolve(NESTED)).get("processor_class"));
    }

    @Test
    void savingLeavesAProcessorConfigAloneThatHasNoImageProcessor() throws IOException {
        write(NESTED, "{\"processor_class\": \"BridgeTowerProcessor\"}");
        new ImageProcessor(CONFIG).save(folder);
        assertEquals("{\"processor_class\": \"BridgeTowerProcessor\"}", Files.readString(folder.resolve(NESTED)));
        assertEquals(CONFIG, load());
        Path fresh = folder.resolve("new");
        new ImageProcessor(CONFIG).save(fresh);
        assertFalse(Files.exists(fresh.resolve(NESTED)));
        assertTrue(Files.exists(fresh.resolve(FLAT)));
    }

    private ImageProcessorConfig load() throws IOException {
        return ImageProcessor.load(folder).config();
    }

    private void write(String name, String json) throws IOException {
        Files.writeString(folder.resolve(name), json);
    }

    @SuppressWarnings("unchecked") // the reader makes no other map
    private static Map<String, Object> object(Path file) throws IOException {
        try (JsonReader json = new JsonReader(file, Files.newInputStream(file))) {
            return (Map<String, Object>) json.value();
        }
    }
}
