package io.bridgetower.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.network.util.JavaUtils;
import scala.Function1;

/** Params whose values are texts of some form. A wrong value gets a message that says which are right. */
final class TextParams {
    private interface Check extends Consumer<String>, Serializable {}

    private interface IsValid extends Function1<String, Object>, Serializable {}

    private TextParams() {}

    /** One of some words. */
    static Param<String> of(Params owner, String name, String doc, String... values) {
        String expected = values.length == 1
                ? values[0]
                : String.join(", ", Arrays.copyOf(values, values.length - 1)) + " or " + values[values.length - 1];
        List<String> all = List.of(values);
        return param(owner, name, doc + ": " + expected, value -> {
            if (all.contains(value)) return;
            throw new IllegalArgumentException(name + ": expected " + expected + ", found " + value);
        });
    }

    /** A number of bytes, as Spark's own settings have it. */
    static Param<String> size(Params owner, String name, String doc) {
        return param(owner, name, doc, value -> {
            try {
                if (bytes(value) > 0) return;
            } catch (NumberFormatException e) {
                // Told below.
            }
            throw new IllegalArgumentException(name + ": expected a size such as 500m or 2g, found " + value);
        });
    }

    /** @throws NumberFormatException if it is no size */
    static long bytes(String size) {
        return JavaUtils.byteStringAsBytes(size);
    }

    private static Param<String> param(Params owner, String name, String doc, Check check) {
        IsValid valid = value -> {
            check.accept(value);
            return true;
        };
        return new Param<>(owner, name, doc, valid);
    }
}
