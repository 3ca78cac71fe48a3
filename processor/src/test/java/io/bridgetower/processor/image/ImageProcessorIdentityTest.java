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
                DEFAULT.toBuilder()
                        .size(96)
                        .resample(Resampling.BILINEAR)
                        .imageMean(List.of(0.5, 0.25, 0.5))
                        .cropSize(new CropSize(96, 64))
                        .doPad(false)
                        .build()
                        .identity());
        assertEquals(
                "image-processor-1 do_resize=false do_rescale=false do_normalize=false do_center_crop=false"
                        + " channels_first=false",
                DEFAULT.toBuilder()
                        .doResize(false)
                        .doRescale(false)
                        .doNormalize(false)
                        .doCenterCrop(false)
                        .channelOrder(ChannelOrder.CHANNELS_LAST)
                        .build()
                        .identity());
    }

    @Test
    void everyValueShows() {
        List<ImageProcessorConfig> all = List.of(
                DEFAULT,
                DEFAULT.toBuilder().doResize(false).build(),
                DEFAULT.toBuilder().size(384).build(),
                DEFAULT.toBuilder().sizeDivisor(16).build(),
                DEFAULT.toBuilder().exactSize(CropSize.square(288)).build(),
                DEFAULT.toBuilder().exactSize(new CropSize(288, 289)).build(),
                DEFAULT.toBuilder().resample(Resampling.LANCZOS).build(),
                DEFAULT.toBuilder().doRescale(false).build(),
                DEFAULT.toBuilder().rescaleFactor(Math.nextUp(1 / 255.0)).build(),
                DEFAULT.toBuilder().doNormalize(false).build(),
                DEFAULT.toBuilder()
                        .imageMean(List.of(0.48145466, 0.4578275, Math.nextUp(0.40821073)))
                        .build(),
                DEFAULT.toBuilder().imageStd(List.of(0.5)).build(),
                DEFAULT.toBuilder().doCenterCrop(false).build(),
                DEFAULT.toBuilder().cropSize(new CropSize(288, 96)).build(),
                DEFAULT.toBuilder().cropSize(new CropSize(96, 288)).build(),
                DEFAULT.toBuilder().doPad(false).build(),
                DEFAULT.toBuilder().channelOrder(ChannelOrder.CHANNELS_LAST).build());
        Set<String> identities = new HashSet<>();
        for (ImageProcessorConfig config : all) identities.add(config.identity());
        assertEquals(all.size(), identities.size(), identities::toString);
    }

    @Test
    void whatComputesTheSameIsTheSame() {
        assertEquals(
                DEFAULT.identity(),
                DEFAULT.toBuilder().cropSize(CropSize.square(288)).build().identity());
        assertEquals(
                DEFAULT.toBuilder().imageMean(List.of(0.5, 0.5, 0.5)).build().identity(),
                DEFAULT.toBuilder().imageMean(List.of(0.5)).build().identity());
        ImageProcessorConfig plain = DEFAULT.toBuilder().doNormalize(false).build();
        assertEquals(
                plain.identity(),
                plain.toBuilder().imageStd(List.of(2.0)).build().identity());
        ImageProcessorConfig unresized = DEFAULT.toBuilder().doResize(false).build();
        assertEquals(
                unresized.toBuilder().size(96).build().identity(),
                unresized.toBuilder().cropSize(CropSize.square(96)).build().identity());
    }
}
