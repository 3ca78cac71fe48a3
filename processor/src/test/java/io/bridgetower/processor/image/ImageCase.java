package io.bridgetower.processor.image;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.bridgetower.processor.image.raster.Resampling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One entry of {@code cases.json}: an image, options, and what the reference made of it. */
record ImageCase(String image, String expected, String error, ImageProcessorConfig config) {
    static List<ImageCase> readAll(Path file) throws IOException {
        List<ImageCase> cases = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.START_OBJECT) cases.add(read(object(json)));
        }
        return cases;
    }

    @SuppressWarnings("unchecked")
    private static ImageCase read(Map<String, Object> entry) {
        ImageProcessorConfig config = ImageProcessorConfig.DEFAULT.toBuilder()
                .size(((Number) entry.get("size")).intValue())
                .build();
        for (Map.Entry<String, Object> option : ((Map<String, Object>) entry.get("options")).entrySet()) {
            config = with(config, option.getKey(), option.getValue());
        }
        return new ImageCase(
                (String) entry.get("image"), (String) entry.get("expected"), (String) entry.get("error"), config);
    }

    @SuppressWarnings("unchecked")
    private static ImageProcessorConfig with(ImageProcessorConfig config, String option, Object value) {
        return switch (option) {
            case "do_resize" -> config.toBuilder().doResize((Boolean) value).build();
            case "do_rescale" -> config.toBuilder().doRescale((Boolean) value).build();
            case "do_center_crop" ->
                config.toBuilder().doCenterCrop((Boolean) value).build();
            case "size_divisor" ->
                config.toBuilder().sizeDivisor(((Number) value).intValue()).build();
            case "resample" ->
                config.toBuilder()
                        .resample(Resampling.ofCode(((Number) value).intValue()))
                        .build();
            case "image_mean" ->
                config.toBuilder().imageMean((List<Double>) value).build();
            case "image_std" ->
                config.toBuilder().imageStd((List<Double>) value).build();
            default -> throw new IllegalArgumentException("no such option in this test: " + option);
        };
    }

    private static Map<String, Object> object(JsonParser json) throws IOException {
        Map<String, Object> fields = new TreeMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            fields.put(name, value(json, json.nextToken()));
        }
        return fields;
    }

    private static Object value(JsonParser json, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> {
                List<Double> numbers = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) numbers.add(json.getDoubleValue());
                yield numbers;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_STRING -> json.getText();
            default -> json.getDoubleValue();
        };
    }

    @Override
    public String toString() {
        return image;
    }
}
