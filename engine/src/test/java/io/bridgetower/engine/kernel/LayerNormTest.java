package io.bridgetower.engine.kernel;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bridgetower.engine.Scalar;
import io.bridgetower.engine.Tensor;
import io.bridgetower.engine.runtime.Matrix;
import io.bridgetower.engine.runtime.Workers;
import io.bridgetower.engine.runtime.Workspace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerNormTest {
    /** Normalised values reach 5, weights 4: a few roundings of numbers of that size. */
    private static final double TOLERANCE = 2e-5;

    private static final float EPSILON = 1e-5f;

    private final Arena arena = Arena.ofAuto();

    @Test
    void equalsTheScalarTwinForEverySize() {
        Random random = new Random(1);
        try (Workers workers = new Workers(2);
                Workspace workspace = new Workspace(workers)) {
            for (int size : IntStream.concat(IntStream.rangeClosed(1, 70), IntStream.of(255, 768, 1024))
                    .toArray()) {
                Tensor weight = Scalar.random(random, arena, size), bias = Scalar.random(random, arena, size);
                LayerNorm norm = new LayerNorm(arena, weight, bias, EPSILON);
                int rows = 1 + random.nextInt(40);
                Matrix x =
                        Matrix.of(Scalar.random(random, arena, rows, size + 3)).columns(1, size);
                Matrix z = Matrix.of(Scalar.random(random, arena, rows, size));
                Matrix y = Matrix.of(Tensor.allocate(arena, rows, size));
                norm.apply(workspace, x, y);
                assertRows(x, 1, z, 0, weight, bias, y);
                norm.applySum(workspace, x, 0.3f, z, -1.7f, y);
                assertRows(x, 0.3f, z, -1.7f, weight, bias, y);
            }
        }
    }

    @Test
    void readsAndWritesMappedFiles(@TempDir Path directory) throws IOException {
        Random random = new Random(3);
        Tensor values = Scalar.random(random, arena, 5, 45);
        try (Workspace workspace = new Workspace(Workers.CALLER);
                FileChannel file = FileChannel.open(directory.resolve("rows"), CREATE, READ, WRITE)) {
            Tensor mapped =
                    Tensor.of(file.map(MapMode.READ_WRITE, 0, values.segment().byteSize(), arena), 5, 45);
            mapped.segment().copyFrom(values.segment());
            LayerNorm norm =
                    new LayerNorm(arena, Scalar.random(random, arena, 45), Scalar.random(random, arena, 45), EPSILON);
            norm.apply(workspace, Matrix.of(values), Matrix.of(values));
            norm.apply(workspace, Matrix.of(mapped), Matrix.of(mapped));
            assertArrayEquals(values.toArray(), mapped.toArray());
        }
    }

    @Test
    void mayWorkInPlace() {
        Random random = new Random(2);
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            LayerNorm norm =
                    new LayerNorm(arena, Scalar.random(random, arena, 45), Scalar.random(random, arena, 45), EPSILON);
            Matrix x = Matrix.of(Scalar.random(random, arena, 9, 45)),
                    z = Matrix.of(Scalar.random(random, arena, 9, 45));
            Matrix y = Matrix.of(Tensor.allocate(arena, 9, 45));
            norm.applySum(workspace, x, 0.5f, z, 2f, y);
            norm.applySum(workspace, x, 0.5f, z, 2f, z);
            assertArrayEquals(y.toArray(), z.toArray());
            norm.apply(workspace, x, y);
            norm.apply(workspace, x, x);
            assertArrayEquals(y.toArray(), x.toArray());
        }
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        try (Workspace workspace = new Workspace(Workers.CALLER)) {
            LayerNorm norm = new LayerNorm(arena, Tensor.allocate(arena, 4), Tensor.allocate(arena, 4), EPSILON);
            Matrix x = Matrix.of(Tensor.allocate(arena, 2, 5));
            var e = assertThrows(IllegalArgumentException.class, () -> norm.apply(workspace, x, x));
            assertEquals("layer norm of 4 from 2 × 5 to 2 × 5", e.getMessage());
        }
    }

    private static void assertRows(
            Matrix x, float xFactor, Matrix z, float zFactor, Tensor weight, Tensor bias, Matrix y) {
        for (int row = 0; row < x.rows(); row++) {
            double[] sum = new double[x.columns()];
            for (int i = 0; i < sum.length; i++) {
                sum[i] = xFactor * Scalar.get(x, row, i) + zFactor * Scalar.get(z, row, i);
            }
            double[] expected = Scalar.layerNorm(sum, weight, bias, EPSILON);
            for (int i = 0; i < sum.length; i++) assertEquals(expected[i], Scalar.get(y, row, i), TOLERANCE);
        }
    }
}
