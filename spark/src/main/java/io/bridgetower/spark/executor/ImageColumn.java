package io.bridgetower.spark.executor;

import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** What a column of images holds. */
public enum ImageColumn {
    /** A path of any Hadoop file system, or a {@code data} URI. */
    PATH,
    /** The bytes of a file. */
    CONTENT,
    /** A struct with the bytes of a file in its field {@code content}, as rows of Spark's source {@code binaryFile}. */
    FILE,
    /** A struct of pixels, as Spark's source {@code image} gives. */
    PIXELS;

    /** What messages say is expected. */
    public static final String EXPECTED =
            "string (a path), binary (a file), or a struct as Spark's sources binaryFile and" + " image give";

    /** That of a type; empty if it is none. */
    public static Optional<ImageColumn> of(DataType type) {
        return Optional.ofNullable(
                switch (type) {
                    case StringType _ -> PATH;
                    case BinaryType _ -> CONTENT;
                    case StructType struct when isBinary(struct, "content") -> FILE;
                    case StructType struct
                    when isBinary(struct, "data") && has(struct, "height", "width", "nChannels") -> PIXELS;
                    default -> null;
                });
    }

    /** What tells images from others: equal images have equal ones. */
    public Column key(Column images) {
        return functions.xxhash64(
                switch (this) {
                    case PATH, CONTENT -> images;
                    case FILE -> images.getField("content");
                    case PIXELS -> images.getField("data");
                });
    }

    private static boolean isBinary(StructType struct, String field) {
        return has(struct, field) && struct.apply(field).dataType() instanceof BinaryType;
    }

    private static boolean has(StructType struct, String... fields) {
        return Arrays.asList(struct.fieldNames()).containsAll(Arrays.asList(fields));
    }
}
