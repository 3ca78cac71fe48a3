package io.bridgetower.processor.image;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.bridgetower.files.MalformedFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code preprocessor_config.json}: reads every form that has been published, writes the newest. */
final class ImageProcessorJson {
    static final String FILE_NAME = "preprocessor_config.json";

    private static final JsonFactory JSON = new JsonFactory();
    private static final long LARGEST_FILE = 1 << 20;

    private final Path file;
    private ImageProcessorConfig config = ImageProcessorConfig.DEFAULT;

    private ImageProcessorJson(Path file) {
        this.file = file;
    }

    static ImageProcessorConfig read(Path file) throws IOException {
        long length = Files.size(file);
        if (length > LARGEST_FILE) {
            throw new MalformedFileException(
                    file, null, "%d bytes, expected at most %d".formatted(length, LARGEST_FILE));
        }
        byte[] bytes = Files.readAllBytes(file);
        ImageProcessorJson reader = new ImageProcessorJson(file);
        try (JsonParser json = JSON.createParser(bytes)) {
            reader.readObject(json);
        } catch (JacksonException e) {
            throw new MalformedFileException(file, null, "not JSON: " + e.getOriginalMessage(), e);
        }
        return reader.config;
    }

    private void readObject(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT)
            throw new MalformedFileException(file, null, "expected an object");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken token = json.nextToken();
            try {
                if (token != JsonToken.VALUE_NULL) readField(field, json);
            } catch (IllegalArgumentException e) {
                String problem = e.getMessage();
                if (problem.startsWith(field + ": ")) problem = problem.substring(field.length() + 2);
                throw new MalformedFileException(file, field, problem, e);
            }
        }
        if (json.nextToken() != null) throw new MalformedFileException(file, null, "text after the end of the object");
    }

    private void readField(String field, JsonParser json) throws IOException {
        switch (field) {
            case "do_resize" -> config = config.withDoResize(flag(json));
            case "size" -> config = config.withSize(edge(json));
            case "size_divisor" -> config = config.withSizeDivisor(integer(json));
            case "resample" -> config = config.withResample(Resampling.ofCode(integer(json)));
            case "do_rescale" -> config = config.withDoRescale(flag(json));
            case "rescale_factor" -> config = config.withRescaleFactor(number(json));
            case "do_normalize" -> config = config.withDoNormalize(flag(json));
            case "image_mean" -> config = config.withImageMean(numbers(json));
            case "image_std" -> config = config.withImageStd(numbers(json));
            case "do_center_crop" -> config = config.withDoCenterCrop(flag(json));
            case "crop_size" -> config = config.withCropSize(cropSize(json));
            case "do_pad" -> config = config.withDoPad(flag(json));
            case "pad_and_return_pixel_mask" -> config = config.withDoPad(flag(json) || config.doPad());
            case "data_format" -> config = config.withChannelOrder(channelOrder(json));
            default -> json.skipChildren();
        }
    }

    private static boolean flag(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw expected("true or false", json);
        };
    }

    private static int integer(JsonParser json) throws IOException {
        double value = number(json);
        if (value != (int) value) throw expected("a whole number", json);
        return (int) value;
    }

    private static double number(JsonParser json) throws IOException {
        if (!json.currentToken().isNumeric()) throw expected("a number", json);
        return json.getDoubleValue();
    }

    private static List<Double> numbers(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) return List.of(number(json));
        List<Double> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            values.add(number(json));
            if (values.size() > Resizer.CHANNELS) throw new IllegalArgumentException("expected 3 numbers, found more");
        }
        return values;
    }

    private static int edge(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) return integer(json);
        Sides sides = Sides.read(json);
        if (sides.shortestEdge == null)
            throw new IllegalArgumentException("expected a number or {\"shortest_edge\": n}");
        return sides.shortestEdge;
    }

    private static CropSize cropSize(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) return CropSize.square(integer(json));
        Sides sides = Sides.read(json);
        if (sides.height != null && sides.width != null) return new CropSize(sides.height, sides.width);
        if (sides.shortestEdge != null) return CropSize.square(sides.shortestEdge);
        throw new IllegalArgumentException(
                "expected a number, {\"shortest_edge\": n} or {\"height\": n, \"width\": n}");
    }

    private static ChannelOrder channelOrder(JsonParser json) throws IOException {
        String text = json.getText();
        return switch (text) {
            case "channels_first" -> ChannelOrder.CHANNELS_FIRST;
            case "channels_last" -> ChannelOrder.CHANNELS_LAST;
            default -> throw new IllegalArgumentException("expected channels_first or channels_last, found " + text);
        };
    }

    private static IllegalArgumentException expected(String what, JsonParser json) throws IOException {
        return new IllegalArgumentException("expected " + what + ", found " + json.getText());
    }

    private record Sides(Integer shortestEdge, Integer height, Integer width) {
        static Sides read(JsonParser json) throws IOException {
            Sides sides = new Sides(null, null, null);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "shortest_edge" -> sides = new Sides(integer(json), sides.height, sides.width);
                    case "height" -> sides = new Sides(sides.shortestEdge, integer(json), sides.width);
                    case "width" -> sides = new Sides(sides.shortestEdge, sides.height, integer(json));
                    default -> json.skipChildren();
                }
            }
            return sides;
        }
    }

    static byte[] write(ImageProcessorConfig config) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes, JsonEncoding.UTF8).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("image_processor_type", "BridgeTowerImageProcessor");
            json.writeStringField("processor_class", "BridgeTowerProcessor");
            json.writeBooleanField("do_resize", config.doResize());
            json.writeObjectFieldStart("size");
            json.writeNumberField("shortest_edge", config.size());
            json.writeEndObject();
            json.writeNumberField("size_divisor", config.sizeDivisor());
            json.writeNumberField("resample", config.resample().code());
            json.writeBooleanField("do_rescale", config.doRescale());
            json.writeNumberField("rescale_factor", config.rescaleFactor());
            json.writeBooleanField("do_normalize", config.doNormalize());
            writeNumbers(json, "image_mean", config.imageMean());
            writeNumbers(json, "image_std", config.imageStd());
            json.writeBooleanField("do_center_crop", config.doCenterCrop());
            if (config.cropSize() != null) {
                json.writeObjectFieldStart("crop_size");
                json.writeNumberField("height", config.cropSize().height());
                json.writeNumberField("width", config.cropSize().width());
                json.writeEndObject();
            }
            json.writeBooleanField("do_pad", config.doPad());
            boolean first = config.channelOrder() == ChannelOrder.CHANNELS_FIRST;
            json.writeStringField("data_format", first ? "channels_first" : "channels_last");
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void writeNumbers(JsonGenerator json, String field, List<Double> values) throws IOException {
        json.writeFieldName(field);
        if (values.size() == 1) {
            json.writeNumber(values.getFirst());
        } else {
            json.writeArray(values.stream().mapToDouble(Double::doubleValue).toArray(), 0, values.size());
        }
    }
}
