package io.bridgetower.processor.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.raster.Resampling;
import io.bridgetower.processor.image.raster.ResizerTest;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageProcessorTest {
    private static final ImageProcessorConfig DEFAULT = ImageProcessorConfig.DEFAULT;

    @TempDir
    Path folder;

    private ImageProcessorConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("preprocessor_config.json"), json);
        return ImageProcessor.load(folder).config();
    }

    @Test
    void oldFormsOfTheConfigurationAreRead() throws IOException {
        assertEquals(DEFAULT, read("{}"));
        assertEquals(384, read("{\"size\": 384}").size());
        assertEquals(
                70,
                read("{\"size\": {\"shortest_edge\": 70, \"longest_edge\": 90}}")
                        .size());
        assertEquals(CropSize.square(5), read("{\"crop_size\": 5}").cropSize());
        assertEquals(
                CropSize.square(6),
                read("{\"crop_size\": {\"shortest_edge\": 6}}").cropSize());
        assertEquals(
                new CropSize(7, 8),
                read("{\"crop_size\": {\"height\": 7, \"width\": 8}}").cropSize());
        assertEquals(
                CropSize.square(384),
                read("{\"size\": 384, \"crop_size\": null}").effectiveCropSize());
        assertEquals(CropSize.square(384), read("{\"size\": 384}").effectiveCropSize());
        assertEquals(288, read("{\"size\": null}").size());
        assertEquals(
                List.of(0.5),
                read("{\"image_mean\": 0.5, \"other\": {\"a\": [1, {}]}}").imageMean());
        assertEquals(
                ChannelOrder.CHANNELS_LAST,
                read("{\"data_format\": \"channels_last\"}").channelOrder());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "size | {\"size\": \"big\"}",
                "size | {\"size\": 0}",
                "size | {\"size\": {\"height\": 3}}",
                "size | {\"size\": {\"height\": 3, \"width\": 0}}",
                "size | {\"size\": [3, 4]}",
                "size | {\"size\": {\"longest_edge\": 4}}",
                "size | {\"size\": 1e9}",
                "size | {\"size\": 2.5}",
                "crop_size | {\"crop_size\": {}}",
                "resample | {\"resample\": 6}",
                "image_std | {\"image_std\": [1, 0, 1]}",
                "image_mean | {\"image_mean\": [1, 2]}",
                "image_mean | {\"image_mean\": [1, 2, 3, 4]}",
                "do_pad | {\"do_pad\": 1}",
                "rescale_factor | {\"rescale_factor\": 1e999}",
                "data_format | {\"data_format\": \"none\"}"
            })
    void impossibleValuesAreNamed(String field, String json) {
        MalformedFileException e = assertThrows(MalformedFileException.class, () -> read(json));
        assertEquals(field, e.field());
        assertTrue(e.getMessage().contains("preprocessor_config.json"), e.getMessage());
    }

    @Test
    void aHeightAndAWidthAreTakenWhateverTheRatio() throws IOException {
        String json = "{\"size\": {\"height\": 32, \"width\": 48}, \"do_center_crop\": false}";
        ImageProcessorConfig config = read(json);
        assertEquals(new CropSize(32, 48), config.exactSize());
        ImageProcessor processor = new ImageProcessor(config);
        processor.save(folder);
        assertEquals(config.exactSize(), ImageProcessor.load(folder).config().exactSize());
        RgbImage image = RgbImage.of(100, 10, new byte[3000]);
        try (PixelBatch pixels = processor.preprocess(List.of(image))) {
            assertArrayEquals(new int[] {1, 3, 32, 48}, pixels.pixelValues().shape());
        }
        assertNull(read("{\"size\": 32}").exactSize());
        assertEquals(new CropSize(32, 48), config.outputSize().orElseThrow());
        ImageProcessorConfig cropped =
                config.toBuilder().doCenterCrop(true).cropSize(null).build();
        assertEquals(new CropSize(32, 48), cropped.effectiveCropSize());
        assertEquals(
                CropSize.square(96), config.toBuilder().imageSize(96).build().exactSize());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"size\": 3", "nonsense", "{} {}"})
    void whatIsNoJsonObjectIsMalformed(String text) {
        assertThrows(MalformedFileException.class, () -> read(text));
    }

    @Test
    void aMissingDirectoryIsAnErrorAndAMissingFileGivesTheDefaults() throws IOException {
        assertThrows(NoSuchFileException.class, () -> ImageProcessor.load(folder.resolve("none")));
        assertEquals(DEFAULT, ImageProcessor.load(folder).config());
    }

    @Test
    void whatIsSavedIsReadBack() throws IOException {
        ImageProcessorConfig config = DEFAULT.toBuilder()
                .size(70)
                .cropSize(new CropSize(64, 48))
                .imageStd(List.of(0.25))
                .resample(Resampling.HAMMING)
                .doPad(false)
                .channelOrder(ChannelOrder.CHANNELS_LAST)
                .build();
        new ImageProcessor(config).save(folder.resolve("new"));
        assertEquals(config, ImageProcessor.load(folder.resolve("new")).config());
        assertEquals(
                config,
                ImageProcessor.load(folder.resolve("new/preprocessor_config.json"))
                        .config());
        try (var files = Files.list(folder.resolve("new"))) {
            assertEquals(1, files.count());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "160,120,64,32,64,64",
        "33,97,64,32,32,96",
        "640,480,288,32,384,288",
        "100,90,70,1,78,70",
        "1,1,288,32,288,288",
        "1000,100,64,1,106,11"
    })
    void targetSizes(int width, int height, int size, int divisor, int targetWidth, int targetHeight) {
        assertEquals(new TargetSize(targetWidth, targetHeight), TargetSize.of(width, height, size, divisor));
    }

    @Test
    void aSideOfNothingIsAnErrorWithNumbers() {
        RgbImage wide = RgbImage.of(500, 60, new byte[500 * 60 * 3]);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new ImageProcessor(DEFAULT.toBuilder().size(64).build()).preprocess(List.of(wide)))
                .getMessage();
        assertTrue(message.startsWith("height and width must be > 0: 500 x 60"), message);
    }

    @Test
    void imagesOfDifferentSizesArePaddedAtTheBottomAndTheRight() {
        RgbImage small = ResizerTest.noise(new Random(1), 2, 3);
        RgbImage large = ResizerTest.noise(new Random(2), 4, 1);
        ImageProcessorConfig plain = DEFAULT.toBuilder()
                .doResize(false)
                .doCenterCrop(false)
                .doNormalize(false)
                .doRescale(false)
                .build();
        try (Arena arena = Arena.ofConfined()) {
            PixelBatch batch = new ImageProcessor(plain).preprocess(arena, List.of(small, large));
            assertArrayEquals(new int[] {2, 3, 3, 4}, batch.pixelValues().shape());
            PixelBatch last = new ImageProcessor(plain)
                    .preprocess(
                            arena,
                            List.of(small, large),
                            plain.toBuilder()
                                    .channelOrder(ChannelOrder.CHANNELS_LAST)
                                    .build());
            assertArrayEquals(new int[] {2, 3, 4, 3}, last.pixelValues().shape());
            for (int i = 0; i < 2; i++) {
                RgbImage image = List.of(small, large).get(i);
                byte[] rgb = image.rgb();
                for (int y = 0; y < 3; y++) {
                    for (int x = 0; x < 4; x++) {
                        boolean real = y < image.height() && x < image.width();
                        assertEquals(real ? 1 : 0, batch.pixelMask().get(i, y, x));
                        for (int c = 0; c < 3; c++) {
                            int expected = real ? rgb[(y * image.width() + x) * 3 + c] & 0xff : 0;
                            assertEquals(expected, batch.pixelValues().get(i, c, y, x));
                            assertEquals(expected, last.pixelValues().get(i, y, x, c));
                        }
                    }
                }
            }
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new ImageProcessor(plain.toBuilder().doPad(false).build()).preprocess(List.of(small, large)));
        assertThrows(IllegalArgumentException.class, () -> new ImageProcessor(plain).preprocess(List.of()));
    }

    /** Where an odd pixel goes, when cutting and when filling up. */
    @ParameterizedTest
    @CsvSource({"5,2,1", "4,1,1", "2,5,-2", "1,4,-2", "3,3,0"})
    void theCentreCropRoundsTowardsTheTopLeft(int side, int crop, int offset) {
        RgbImage image = ResizerTest.noise(new Random(side), side, side);
        ImageProcessorConfig config = DEFAULT.toBuilder()
                .doResize(false)
                .doRescale(false)
                .doNormalize(false)
                .cropSize(CropSize.square(crop))
                .build();
        PixelBatch batch = new ImageProcessor(config).preprocess(List.of(image));
        byte[] rgb = image.rgb();
        for (int y = 0; y < crop; y++) {
            for (int x = 0; x < crop; x++) {
                int row = y + offset;
                int column = x + offset;
                boolean inside = row >= 0 && row < side && column >= 0 && column < side;
                assertEquals(
                        inside ? rgb[(row * side + column) * 3] & 0xff : 0,
                        batch.pixelValues().get(0, 0, y, x));
                assertEquals(1, batch.pixelMask().get(0, y, x));
            }
        }
    }

    @Test
    void bytesThatAreNotRescaledNeedWholeBytesToNormalize() {
        RgbImage image = RgbImage.of(1, 1, new byte[] {10, 20, 30});
        ImageProcessorConfig config = DEFAULT.toBuilder()
                .doResize(false)
                .doRescale(false)
                .doCenterCrop(false)
                .build();
        PixelBatch batch = new ImageProcessor(config.toBuilder()
                        .imageMean(List.of(20.9))
                        .imageStd(List.of(2.5))
                        .build())
                .preprocess(List.of(image));
        assertArrayEquals(new float[] {123, 0, 5}, batch.pixelValues().toArray());
        assertThrows(IllegalArgumentException.class, () -> new ImageProcessor(config).preprocess(List.of(image)));
    }

    @Test
    void theTensorsLiveAsLongAsTheArena() {
        Arena arena = Arena.ofConfined();
        PixelBatch batch = new ImageProcessor(DEFAULT).preprocess(arena, List.of(RgbImage.of(1, 1, new byte[3])));
        arena.close();
        assertThrows(IllegalStateException.class, () -> batch.pixelValues().get(0, 0, 0, 0));
    }
}
