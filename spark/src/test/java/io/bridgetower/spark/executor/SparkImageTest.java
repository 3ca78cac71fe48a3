package io.bridgetower.spark.executor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class SparkImageTest {
    private static final StructType SCHEMA = new StructType()
            .add("origin", DataTypes.StringType)
            .add("height", DataTypes.IntegerType)
            .add("width", DataTypes.IntegerType)
            .add("nChannels", DataTypes.IntegerType)
            .add("mode", DataTypes.IntegerType)
            .add("data", DataTypes.BinaryType);

    private static Row image(int height, int width, int channels, byte... data) {
        return new GenericRowWithSchema(new Object[] {"file", height, width, channels, 0, data}, SCHEMA);
    }

    private static String message(Row image) {
        return assertThrows(IOException.class, () -> SparkImage.decode(image, "x"))
                .getMessage();
    }

    @Test
    void coloursAreTurnedAround() throws IOException {
        RgbImage colours = SparkImage.decode(image(1, 2, 3, new byte[] {1, 2, 3, 4, 5, 6}), "x");
        assertEquals(2, colours.width());
        assertArrayEquals(new byte[] {3, 2, 1, 6, 5, 4}, colours.rgb());
        assertArrayEquals(
                new byte[] {3, 2, 1},
                SparkImage.decode(image(1, 1, 4, new byte[] {1, 2, 3, 9}), "x").rgb());
        assertArrayEquals(
                new byte[] {7, 7, 7},
                SparkImage.decode(image(1, 1, 1, new byte[] {7}), "x").rgb());
    }

    @Test
    void whatIsNoImageIsAnErrorOfItsRow() {
        assertEquals("x: an image that Spark could not read", message(image(-1, -1, -1)));
        assertEquals("x: an image without data", message(image(1, 1, 3, (byte[]) null)));
        assertEquals(
                "x: expected 2 x 1 pixels of 1, 3 or 4 bytes, found 3 bytes a pixel and 3 in all",
                message(image(1, 2, 3, new byte[3])));
        assertEquals(
                "x: expected 1 x 1 pixels of 1, 3 or 4 bytes, found 2 bytes a pixel and 2 in all",
                message(image(1, 1, 2, new byte[2])));
        assertEquals(
                "x: expected 2147483647 x 2147483647 pixels of 1, 3 or 4 bytes, found 3 bytes a pixel and 3 in all",
                message(image(Integer.MAX_VALUE, Integer.MAX_VALUE, 3, new byte[3])));
    }
}
