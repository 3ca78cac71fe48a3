package io.bridgetower.processor.image;

import io.bridgetower.processor.image.raster.Resampling;
import io.bridgetower.processor.image.raster.Resizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an {@link ImageProcessor} does, step by step: resize, centre crop, rescale, normalize, pad. Immutable;
 * {@link #toBuilder} makes changed copies.
 *
 * @param doResize whether to resize
 * @param size length of the shorter side after resizing; the longer one is bounded by {@code (int) (1333 / 800 * size)}
 * @param exactSize size after resizing, regardless of the aspect ratio, instead of {@code size} and {@code sizeDivisor};
 *     null to keep the ratio
 * @param sizeDivisor both sides are rounded down to a multiple of this after resizing
 * @param resample the filter
 * @param doRescale whether to multiply by {@code rescaleFactor}
 * @param rescaleFactor what bytes are multiplied by
 * @param doNormalize whether to subtract the mean and divide by the deviation. As in the reference, bytes that are not
 *     rescaled are normalized as bytes: mean and deviation lose their fraction and negative differences wrap around
 * @param imageMean one mean for all channels, or three
 * @param imageStd one deviation for all channels, or three
 * @param doCenterCrop whether to cut out the centre; a smaller image is padded with zeros around it
 * @param cropSize what the crop leaves; null for {@code size} on both sides
 * @param doPad whether images of different sizes are padded at the bottom and at the right
 * @param channelOrder where the channels stand in the result
 */
public record ImageProcessorConfig(
        boolean doResize,
        int size,
        CropSize exactSize,
        int sizeDivisor,
        Resampling resample,
        boolean doRescale,
        double rescaleFactor,
        boolean doNormalize,
        List<Double> imageMean,
        List<Double> imageStd,
        boolean doCenterCrop,
        CropSize cropSize,
        boolean doPad,
        ChannelOrder channelOrder) {
    /** Sizes beyond this are refused, so that a wrong configuration does not fill the memory. */
    static final int LARGEST_SIDE = 8192;

    /** The defaults of the reference: 288 pixels, divisor 32, bicubic, CLIP's mean and deviation. */
    public static final ImageProcessorConfig DEFAULT = new ImageProcessorConfig(
            true,
            288,
            null,
            32,
            Resampling.BICUBIC,
            true,
            1 / 255.0,
            true,
            List.of(0.48145466, 0.4578275, 0.40821073),
            List.of(0.26862954, 0.26130258, 0.27577711),
            true,
            null,
            true,
            ChannelOrder.CHANNELS_FIRST);

    /**
     * @throws IllegalArgumentException if a size is not 1 to {@value #LARGEST_SIDE}, if a mean or deviation has neither
     *     one value nor three, or if a number is not finite or a deviation is zero
     */
    public ImageProcessorConfig {
        checkRange("size", size);
        checkRange("size_divisor", sizeDivisor);
        if (!Double.isFinite(rescaleFactor)) {
            throw new IllegalArgumentException("rescale_factor: expected a finite number, found " + rescaleFactor);
        }
        imageMean = checkChannels("image_mean", imageMean);
        imageStd = checkChannels("image_std", imageStd);
        if (imageStd.contains(0.0) || imageStd.contains(-0.0)) {
            throw new IllegalArgumentException("image_std: expected numbers other than 0, found " + imageStd);
        }
    }

    static void checkRange(String field, int value) {
        if (value < 1 || value > LARGEST_SIDE) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%s: expected 1 to %d, found %d", field, LARGEST_SIDE, value));
        }
    }

    private static List<Double> checkChannels(String field, List<Double> values) {
        List<Double> copy = List.copyOf(values);
        if (copy.size() != 1 && copy.size() != Resizer.CHANNELS
                || !copy.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(field + ": expected one finite number or three, found " + copy);
        }
        return copy;
    }

    /** What the centre crop leaves, whether given or taken from {@link #exactSize} or {@link #size}. */
    public CropSize effectiveCropSize() {
        if (cropSize != null) return cropSize;
        return exactSize != null ? exactSize : CropSize.square(size);
    }

    /** The one size that all images come out in; empty if that depends on them. */
    public Optional<CropSize> outputSize() {
        if (doCenterCrop) return Optional.of(effectiveCropSize());
        return doResize ? Optional.ofNullable(exactSize) : Optional.empty();
    }

    /**
     * A text that identifies what the processor computes, for storing with its results: a version and every value that
     * differs from its default, for example {@code image-processor-1 size=384 resample=2}. Two configurations with the
     * same identity give the same pixels. Values of steps that are switched off are not part of it. It does not change
     * when later versions of this library add fields.
     */
    public String identity() {
        return ImageProcessorIdentity.of(this);
    }

    /** A builder that starts from {@link #DEFAULT}. */
    public static Builder builder() {
        return DEFAULT.toBuilder();
    }

    /** A builder that starts from this configuration. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Changes some values, which are checked when a configuration is built of them. */
    public static final class Builder {
        private boolean doResize;
        private int size;
        private CropSize exactSize;
        private int sizeDivisor;
        private Resampling resample;
        private boolean doRescale;
        private double rescaleFactor;
        private boolean doNormalize;
        private List<Double> imageMean;
        private List<Double> imageStd;
        private boolean doCenterCrop;
        private CropSize cropSize;
        private boolean doPad;
        private ChannelOrder channelOrder;

        private Builder(ImageProcessorConfig config) {
            doResize = config.doResize;
            size = config.size;
            exactSize = config.exactSize;
            sizeDivisor = config.sizeDivisor;
            resample = config.resample;
            doRescale = config.doRescale;
            rescaleFactor = config.rescaleFactor;
            doNormalize = config.doNormalize;
            imageMean = config.imageMean;
            imageStd = config.imageStd;
            doCenterCrop = config.doCenterCrop;
            cropSize = config.cropSize;
            doPad = config.doPad;
            channelOrder = config.channelOrder;
        }

        /**
         * Square images with sides of this length: {@link #cropSize}, and {@link #exactSize} if images are resized without
         * regard to their ratio, or else {@link #size}.
         */
        public Builder imageSize(int side) {
            CropSize square = CropSize.square(side);
            return (exactSize != null ? exactSize(square) : size(side)).cropSize(square);
        }

        /** See {@link ImageProcessorConfig#doResize}. */
        public Builder doResize(boolean value) {
            doResize = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#size}. */
        public Builder size(int value) {
            size = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#exactSize}. */
        public Builder exactSize(CropSize value) {
            exactSize = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#sizeDivisor}. */
        public Builder sizeDivisor(int value) {
            sizeDivisor = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#resample}. */
        public Builder resample(Resampling value) {
            resample = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#doRescale}. */
        public Builder doRescale(boolean value) {
            doRescale = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#rescaleFactor}. */
        public Builder rescaleFactor(double value) {
            rescaleFactor = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#doNormalize}. */
        public Builder doNormalize(boolean value) {
            doNormalize = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#imageMean}. */
        public Builder imageMean(List<Double> value) {
            imageMean = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#imageStd}. */
        public Builder imageStd(List<Double> value) {
            imageStd = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#doCenterCrop}. */
        public Builder doCenterCrop(boolean value) {
            doCenterCrop = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#cropSize}. */
        public Builder cropSize(CropSize value) {
            cropSize = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#doPad}. */
        public Builder doPad(boolean value) {
            doPad = value;
            return this;
        }

        /** See {@link ImageProcessorConfig#channelOrder}. */
        public Builder channelOrder(ChannelOrder value) {
            channelOrder = value;
            return this;
        }

        /** @throws IllegalArgumentException as {@link ImageProcessorConfig}'s constructor */
        public ImageProcessorConfig build() {
            return new ImageProcessorConfig(
                    doResize,
                    size,
                    exactSize,
                    sizeDivisor,
                    resample,
                    doRescale,
                    rescaleFactor,
                    doNormalize,
                    imageMean,
                    imageStd,
                    doCenterCrop,
                    cropSize,
                    doPad,
                    channelOrder);
        }
    }
}
