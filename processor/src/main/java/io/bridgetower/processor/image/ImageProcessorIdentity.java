package io.bridgetower.processor.image;

import io.bridgetower.processor.image.raster.Resizer;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * The text of {@link ImageProcessorConfig#identity}. What it names and omits is part of stored indexes and journals:
 * a new field is added with the default that stands for its absence, and nothing else changes within a version.
 */
final class ImageProcessorIdentity {
    private static final String VERSION = "image-processor-1";

    private final StringJoiner text = new StringJoiner(" ");

    private ImageProcessorIdentity() {}

    public static String of(ImageProcessorConfig config) {
        ImageProcessorIdentity identity = new ImageProcessorIdentity();
        identity.text.add(VERSION);
        identity.resize(config);
        identity.rescale(config);
        identity.normalize(config);
        identity.crop(config);
        identity.add("do_pad", config.doPad(), true);
        identity.add("channels_first", config.channelOrder() == ChannelOrder.CHANNELS_FIRST, true);
        return identity.text.toString();
    }

    private void resize(ImageProcessorConfig config) {
        add("do_resize", config.doResize(), true);
        if (!config.doResize()) return;
        if (config.exactSize() != null) {
            add("exact_size", text(config.exactSize()), null);
        } else {
            add("size", config.size(), 288);
            add("size_divisor", config.sizeDivisor(), 32);
        }
        add("resample", config.resample().code(), 3);
    }

    private void rescale(ImageProcessorConfig config) {
        add("do_rescale", config.doRescale(), true);
        if (config.doRescale()) add("rescale_factor", config.rescaleFactor(), 1 / 255.0);
    }

    private void normalize(ImageProcessorConfig config) {
        add("do_normalize", config.doNormalize(), true);
        if (!config.doNormalize()) return;
        add("image_mean", channels(config.imageMean()), List.of(0.48145466, 0.4578275, 0.40821073));
        add("image_std", channels(config.imageStd()), List.of(0.26862954, 0.26130258, 0.27577711));
    }

    private void crop(ImageProcessorConfig config) {
        add("do_center_crop", config.doCenterCrop(), true);
        if (!config.doCenterCrop()) return;
        // By default the crop is as large as the resized image may be at the least.
        CropSize usual = CropSize.square(288);
        if (config.doResize()) {
            usual = config.exactSize() != null ? config.exactSize() : CropSize.square(config.size());
        }
        add("crop_size", text(config.effectiveCropSize()), text(usual));
    }

    private static String text(CropSize size) {
        return size.height() + "x" + size.width();
    }

    /** One value for all channels means the same as three equal ones. */
    private static List<Double> channels(List<Double> values) {
        return values.size() == 1 ? Collections.nCopies(Resizer.CHANNELS, values.getFirst()) : values;
    }

    private void add(String name, Object value, Object absent) {
        if (!Objects.equals(value, absent))
            text.add(name + "=" + String.valueOf(value).replace(" ", ""));
    }
}
