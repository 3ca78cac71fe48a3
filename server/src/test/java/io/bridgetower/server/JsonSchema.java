package io.bridgetower.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks JSON values against the part of JSON Schema that the description of the routes uses. Stricter in one thing: an object may
 * have no field that its schema does not name.
 */
final class JsonSchema {
    /** What does not decide whether a value is valid. */
    private static final Set<String> ANNOTATIONS = Set.of("description", "default", "format");

    private final Map<?, ?> document;

    /** @param document in which references are found */
    JsonSchema(Map<?, ?> document) {
        this.document = document;
    }

    /** What is wrong with a value, each problem with its place; empty if it is valid. */
    List<String> problems(Object schema, Object value) {
        List<String> problems = new ArrayList<>();
        check((Map<?, ?>) schema, value, "$", problems);
        return problems;
    }

    /** The object that a reference such as {@code #/components/schemas/Item} means; the object itself if it is none. */
    Map<?, ?> resolved(Object object) {
        Map<?, ?> found = (Map<?, ?>) object;
        if (!(found.get("$ref") instanceof String reference)) return found;
        Object target = document;
        for (String name : reference.substring("#/".length()).split("/")) target = ((Map<?, ?>) target).get(name);
        if (target == null) throw new IllegalArgumentException("nothing has the name " + reference);
        return resolved(target);
    }

    private void check(Map<?, ?> schema, Object value, String place, List<String> problems) {
        Map<?, ?> resolved = resolved(schema);
        for (Map.Entry<?, ?> rule : resolved.entrySet()) {
            Object expected = rule.getValue();
            String problem = switch ((String) rule.getKey()) {
                case "type" -> isOfType(expected, value) ? null : "expected " + expected;
                case "enum" -> ((List<?>) expected).contains(value) ? null : "expected one of " + expected;
                case "anyOf" -> anyOf((List<?>) expected, value) ? null : "matches no form of " + expected;
                case "minimum" ->
                    !(value instanceof Number n) || n.doubleValue() >= number(expected)
                            ? null
                            : "expected at least " + expected;
                case "maximum" ->
                    !(value instanceof Number n) || n.doubleValue() <= number(expected)
                            ? null
                            : "expected at most " + expected;
                case "minItems" ->
                    !(value instanceof List<?> items) || items.size() >= number(expected)
                            ? null
                            : "expected at least " + expected + " items";
                case "maxItems" ->
                    !(value instanceof List<?> items) || items.size() <= number(expected)
                            ? null
                            : "expected at most " + expected + " items";
                case "pattern" ->
                    !(value instanceof String text)
                                    || Pattern.compile((String) expected)
                                            .matcher(text)
                                            .find()
                            ? null
                            : "expected " + expected;
                case "items" -> {
                    if (value instanceof List<?> items) {
                        for (int i = 0; i < items.size(); i++) {
                            check((Map<?, ?>) expected, items.get(i), place + "[" + i + "]", problems);
                        }
                    }
                    yield null;
                }
                case "properties" -> {
                    if (value instanceof Map<?, ?> object) {
                        checkFields((Map<?, ?>) expected, object, place, problems);
                    }
                    yield null;
                }
                case "required" -> {
                    if (value instanceof Map<?, ?> object) {
                        for (Object name : (List<?>) expected) {
                            if (!object.containsKey(name)) problems.add(place + ": expected a field " + name);
                        }
                    }
                    yield null;
                }
                default -> ANNOTATIONS.contains(rule.getKey()) ? null : "unknown rule " + rule.getKey();
            };
            if (problem != null) problems.add(place + ": " + problem + ", found " + shortened(value));
        }
    }

    private void checkFields(Map<?, ?> properties, Map<?, ?> object, String place, List<String> problems) {
        for (Map.Entry<?, ?> field : object.entrySet()) {
            String name = place + "." + field.getKey();
            Object property = properties.get(field.getKey());
            if (property == null) problems.add(name + ": is not described");
            else check((Map<?, ?>) property, field.getValue(), name, problems);
        }
    }

    private boolean anyOf(List<?> schemas, Object value) {
        return schemas.stream().anyMatch(schema -> problems(schema, value).isEmpty());
    }

    private static boolean isOfType(Object type, Object value) {
        if (type instanceof List<?> types) return types.stream().anyMatch(each -> isOfType(each, value));
        return switch ((String) type) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "null" -> value == null;
            case "number" -> value instanceof Number;
            case "integer" -> value instanceof Number n && n.doubleValue() == Math.rint(n.doubleValue());
            default -> throw new IllegalArgumentException("unknown type " + type);
        };
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }

    private static String shortened(Object value) {
        String text = String.valueOf(value);
        return text.length() <= 100 ? text : text.substring(0, 100) + " …";
    }
}
