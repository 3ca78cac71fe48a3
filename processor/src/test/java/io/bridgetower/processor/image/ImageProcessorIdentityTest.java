package io.bridgetower.processor.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bridgetower.processor.image.raster.Resampling;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageProcessorIdentityTest {
    private static final ImageProcessorConfig DEFAULT = ImageProcessorConfig.DEFAULT;

    /** Indexes on disk hold these texts: if one of them changes, the version must. */
    @Test
    void theTextIsThatOfVersionOne() {
        assertEquals("image-processor-1", DEFAULT.identity());
        assertEquals(
                "image-processor-1 size=96 resample=2 image_mean=[0.5,0.25,0.5] crop_size=96x64 do_pad=false",
                DEFAULT.withSize(96)
                        .withResample(Resampling.BILINEAR)
                        .withImageMean(List.of(0.5, 0.25, 0.5))
                        .withCropSize(new CropSize(96, 64))
                        .withDoPad(false)
                        .identity());
        assertEquals(
                "image-processor-1 do_resize=false do_rescale=false do_normalize=false do_center_crop=false"
                        + " channels_first=false",
                DEFAULT.withDoResize(false)
                        .withDoRescale(false)
                        .withDoNormalize(false)
                        .withDoCenterCrop(false)
                        .withChannelOrder(ChannelOrder.CHANNELS_LAST)
                        .identity());
    }

    @Test
    void everyValueShows() {
        List<ImageProcessorConfig> all = List.of(
                DEFAULT,
                DEFAULT.withDoResize(false),
                DEFAULT.withSize(384),
                DEFAULT.withSizeDivisor(16),
                DEFAULT.withResample(Resampling.LANCZOS),
                DEFAULT.withDoRescale(false),
                DEFAULT.withRescaleFactor(Math.nextUp(1 / 255.0)),
                DEFAULT.withDoNormalize(false),
                DEFAULT.withImageMean(List.of(0.48145466, 0.4578275, Math.nextUp(0.40821073))),
                DEFAULT.withImageStd(List.of(0.5)),
                DEFAULT.withDoCenterCrop(false),
                DEFAULT.withCropSize(new CropSize(288, 96)),
                DEFAULT.withCropSize(new CropSize(96, 288)),
                DEFAULT.withDoPad(false),
                DEFAULT.withChannelOrder(ChannelOrder.CHANNELS_LAST));
        Set<String> identities = new HashSet<>();
        for (ImageProcessorConfig config : all) identities.add(config.identity());
        assertEquals(all.size(), identities.size(), identities::toString);
    }

    @Test
    void whatComputesTheSameIsTheSame() {
        assertEquals(
                DEFAULT.identity(), DEFAULT.withCropSize(CropSize.square(288)).identity());
        assertEquals(
                DEFAULT.withImageMean(List.of(0.5, 0.5, 0.5)).identity(),
                DEFAULT.withImageMean(List.of(0.5)).identity());
        ImageProcessorConfig plain = DEFAULT.withDoNormalize(false);
        assertEquals(plain.identity(), plain.withImageStd(List.of(2.0)).identity());
        ImageProcessorConfig unresized = DEFAULT.withDoResize(false);
        assertEquals(
                unresized.withSize(96).identity(),
                unresized.withCropSize(CropSize.square(96)).identity());
    }
}
