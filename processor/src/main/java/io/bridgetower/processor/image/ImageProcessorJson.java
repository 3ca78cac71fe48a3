package io.bridgetower.processor.image;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.image.raster.Resampling;
import io.bridgetower.processor.image.raster.Resizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The fields of an image processor's configuration: reads every form that has been published, writes the one that all
 * versions of Transformers read.
 */
final class ImageProcessorJson {
    private final Path file;
    private final String scope;
    private final Map<String, Object> others = new TreeMap<>();
    private final ImageProcessorConfig.Builder config = ImageProcessorConfig.builder();

    /**
     * @param file named in every complaint
     * @param scope what stands before the names of fields in complaints
     */
    ImageProcessorJson(Path file, String scope) {
        this.file = file;
        this.scope = scope;
    }

    /** What the fields say; a field that is null has its default. */
    ImageProcessor read(Map<String, Object> fields) throws MalformedFileException {
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            String name = field.getKey();
            try {
                if (field.getValue() != null) read(name, field.getValue());
                config.build();
            } catch (IllegalArgumentException e) {
                String problem = e.getMessage();
                if (problem.startsWith(name + ": ")) problem = problem.substring(name.length() + 2);
                throw new MalformedFileException(file, scope + name, problem, e);
            }
        }
        return new ImageProcessor(config.build(), others);
    }

    private void read(String name, Object value) {
        switch (name) {
            case "do_resize" -> config.doResize(flag(value));
            case "size" -> size(value);
            case "size_divisor" -> config.sizeDivisor(integer(value));
            case "resample" -> config.resample(Resampling.ofCode(integer(value)));
            case "do_rescale" -> config.doRescale(flag(value));
            case "rescale_factor" -> config.rescaleFactor(number(value));
            case "do_normalize" -> config.doNormalize(flag(value));
            case "image_mean" -> config.imageMean(numbers(value));
            case "image_std" -> config.imageStd(numbers(value));
            case "do_center_crop" -> config.doCenterCrop(flag(value));
            case "crop_size" -> config.cropSize(cropSize(value));
            case "do_pad" -> config.doPad(flag(value));
            case "pad_and_return_pixel_mask" ->
                config.doPad(flag(value) || config.build().doPad());
            case "data_format" -> config.channelOrder(channelOrder(value));
            default -> others.put(name, value);
        }
    }

    private static boolean flag(Object value) {
        if (value instanceof Boolean flag) return flag;
        throw expected("true or false", value);
    }

    private static int integer(Object value) {
        double number = number(value);
        if (number != (int) number) throw expected("a whole number", value);
        return (int) number;
    }

    private static double number(Object value) {
        if (value instanceof Number number) return number.doubleValue();
        throw expected("a number", value);
    }

    private static List<Double> numbers(Object value) {
        if (!(value instanceof List<?> list)) return List.of(number(value));
        if (list.size() > Resizer.CHANNELS) throw new IllegalArgumentException("expected 3 numbers, found more");
        List<Double> numbers = new ArrayList<>();
        for (Object item : list) numbers.add(number(item));
        return numbers;
    }

    private void size(Object value) {
        if (!(value instanceof Map<?, ?> sides)) {
            config.size(integer(value)).exactSize(null);
        } else if (sides.get("shortest_edge") != null) {
            config.size(integer(sides.get("shortest_edge"))).exactSize(null);
        } else if (hasBothSides(sides)) {
            ImageProcessorConfig.checkRange("size", integer(sides.get("height")));
            ImageProcessorConfig.checkRange("size", integer(sides.get("width")));
            config.exactSize(bothSides(sides));
        } else {
            throw new IllegalArgumentException(
                    "expected a number, {\"shortest_edge\": n} or {\"height\": n, \"width\": n}");
        }
    }

    private static boolean hasBothSides(Map<?, ?> sides) {
        return sides.get("height") != null && sides.get("width") != null;
    }

    private static CropSize bothSides(Map<?, ?> sides) {
        return new CropSize(integer(sides.get("height")), integer(sides.get("width")));
    }

    private static CropSize cropSize(Object value) {
        if (!(value instanceof Map<?, ?> sides)) return CropSize.square(integer(value));
        if (hasBothSides(sides)) return bothSides(sides);
        if (sides.get("shortest_edge") != null) return CropSize.square(integer(sides.get("shortest_edge")));
        throw new IllegalArgumentException(
                "expected a number, {\"shortest_edge\": n} or {\"height\": n, \"width\": n}");
    }

    private static ChannelOrder channelOrder(Object value) {
        if (value.equals("channels_first")) return ChannelOrder.CHANNELS_FIRST;
        if (value.equals("channels_last")) return ChannelOrder.CHANNELS_LAST;
        throw expected("channels_first or channels_last", value);
    }

    private static IllegalArgumentException expected(String what, Object found) {
        String shown = switch (found) {
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "an array";
            default -> found.toString();
        };
        return new IllegalArgumentException("expected " + what + ", found " + shown);
    }

    /** The fields that say what a processor does, sorted by name; the caller's to add to. */
    static Map<String, Object> write(ImageProcessor processor) {
        ImageProcessorConfig config = processor.config();
        Map<String, Object> fields = new TreeMap<>(processor.otherFields());
        fields.put("image_processor_type", "BridgeTowerImageProcessor");
        fields.put("do_resize", config.doResize());
        CropSize exact = config.exactSize();
        fields.put(
                "size",
                exact == null
                        ? Map.of("shortest_edge", config.size())
                        : Map.of("height", exact.height(), "width", exact.width()));
        fields.put("size_divisor", config.sizeDivisor());
        fields.put("resample", config.resample().code());
        fields.put("do_rescale", config.doRescale());
        fields.put("rescale_factor", config.rescaleFactor());
        fields.put("do_normalize", config.doNormalize());
        fields.put("image_mean", channels(config.imageMean()));
        fields.put("image_std", channels(config.imageStd()));
        fields.put("do_center_crop", config.doCenterCrop());
        fields.put("crop_size", cropSize(config.effectiveCropSize()));
        fields.put("do_pad", config.doPad());
        if (config.channelOrder() == ChannelOrder.CHANNELS_LAST) fields.put("data_format", "channels_last");
        return fields;
    }

    /** Transformers knows square crops only, and this form of them only. */
    private static Map<String, Object> cropSize(CropSize size) {
        if (size.height() == size.width()) return Map.of("shortest_edge", size.height());
        return Map.of("height", size.height(), "width", size.width());
    }

    private static Object channels(List<Double> values) {
        return values.size() == 1 ? values.getFirst() : values;
    }
}
