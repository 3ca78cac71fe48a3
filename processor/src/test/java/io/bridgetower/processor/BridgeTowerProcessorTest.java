package io.bridgetower.processor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bridgetower.processor.image.CropSize;
import io.bridgetower.processor.image.ImageProcessor;
import io.bridgetower.processor.image.ImageProcessorConfig;
import io.bridgetower.processor.image.raster.Resampling;
import io.bridgetower.processor.image.raster.RgbImage;
import io.bridgetower.processor.text.EncodingOptions;
import io.bridgetower.processor.text.Padding;
import io.bridgetower.processor.text.TokenizerFolders;
import io.bridgetower.processor.text.Truncation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two halves in one call. */
class BridgeTowerProcessorTest {
    private static final RgbImage WIDE = RgbImage.of(40, 30, new byte[40 * 30 * 3]);
    private static final RgbImage TALL = RgbImage.of(30, 40, new byte[30 * 40 * 3]);

    private final BridgeTowerProcessor processor =
            new BridgeTowerProcessor(TokenizerFolders.loadDemo(), new ImageProcessor(ImageProcessorConfig.DEFAULT));

    @TempDir
    private Path folder;

    @Test
    void imagesAndTextsAreTakenAsTheyComeUnlessToldOtherwise() {
        var inputs = processor.process(List.of(WIDE, TALL), List.of("1", "12"));
        assertArrayEquals(
                new int[] {2, 3, 288, 288}, inputs.images().pixelValues().shape());
        assertArrayEquals(new int[] {3, 4}, inputs.texts().lengths());
    }

    @Test
    void bothHalvesTakeOptionsInTheOneCall() {
        EncodingOptions textOptions =
                EncodingOptions.DEFAULT.padding(Padding.longest().multipleOf(4)).truncation(Truncation.longestFirst(8));
        ImageProcessorConfig imageOptions = processor.imageProcessor().config().toBuilder()
                .size(32)
                .doCenterCrop(false)
                .build();
        var inputs = processor.process(List.of(WIDE, TALL), List.of("1", "123456789"), textOptions, imageOptions);
        assertArrayEquals(
                new int[] {2, 3, 32, 32}, inputs.images().pixelValues().shape());
        assertArrayEquals(new int[] {8, 8}, inputs.texts().lengths());
        assertEquals(
                ImageProcessorConfig.DEFAULT,
                processor.imageProcessor().config(),
                "an option of one call changes no other");
        var pairs = processor.process(List.of(WIDE), List.of("1"), List.of("2"), textOptions, imageOptions);
        assertEquals(
                "<s>1</s></s>2</s><pad><pad>",
                String.join("", pairs.texts().get(0).tokens()));
    }

    @Test
    void whatCannotBeProcessedIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> processor.process(List.of(), List.of("1")));
        EncodingOptions one = EncodingOptions.DEFAULT.truncation(Truncation.longestFirst(1));
        assertThrows(
                IllegalArgumentException.class,
                () -> processor.process(List.of(WIDE), List.of("1"), one, ImageProcessorConfig.DEFAULT));
    }

    @Test
    void tokensBecomeTextAgain() {
        int[] ids = processor.tokenizer().encode("a red circle .").ids();
        assertEquals("a red circle .", processor.decode(ids, true));
        assertEquals("a red circle.", processor.decode(ids, true, true));
        assertEquals(List.of("<s>a red circle .</s>"), processor.batchDecode(new int[][] {ids}, false));
        assertEquals(List.of("a red circle."), processor.batchDecode(new int[][] {ids}, true, true));
    }

    @Test
    void whatIsSavedIsReadBack() throws IOException {
        ImageProcessorConfig config = ImageProcessorConfig.DEFAULT.toBuilder()
                .size(70)
                .cropSize(new CropSize(64, 48))
                .resample(Resampling.LANCZOS)
                .build();
        new BridgeTowerProcessor(processor.tokenizer(), new ImageProcessor(config)).save(folder.resolve("new"));
        BridgeTowerProcessor saved = BridgeTowerProcessor.load(folder.resolve("new"));
        assertEquals(config, saved.imageProcessor().config());
        assertArrayEquals(
                processor.tokenizer().encode("a red circle").ids(),
                saved.tokenizer().encode("a red circle").ids());
    }
}
