package io.bridgetower.model.checkpoint.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.engine.Tensor;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    private Path directory;

    @Test
    void readsBackWhatItWrote() throws IOException {
        Path path = directory.resolve("out.safetensors");
        float[] pixels = new float[100_003];
        for (int i = 0; i < pixels.length; i++) pixels[i] = i * 0.5f;
        try (Arena arena = Arena.ofConfined()) {
            new SafetensorsWriter()
                    .add("z", Tensor.copyOf(arena, new float[] {1, -0f, Float.NaN}, 3, 1))
                    .add("a.\"quoted\" é", pixels, 1, pixels.length)
                    .add("scalar", new float[] {2.6592f})
                    .add("none", new float[0], 0, 5)
                    .add("ids", new long[] {1, 2, -100, 3, 4, 5}, 2, 3)
                    .metadata("note", "line\nbreak\u0001")
                    .write(path);
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                assertEquals(Map.of("format", "pt", "note", "line\nbreak\u0001"), file.metadata());
                assertEquals(List.of("ids", "a.\"quoted\" é", "none", "scalar", "z"), List.copyOf(file.names()));
                TensorReader reader = new TensorReader(file);
                assertArrayEquals(new int[][] {{1, 2, -100}, {3, 4, 5}}, reader.readInts("ids"));
                assertArrayEquals(
                        new float[] {1, -0f, Float.NaN},
                        reader.readFloats("z", arena).toArray());
                assertArrayEquals(
                        pixels, reader.readFloats("a.\"quoted\" é", arena).toArray());
                assertEquals(2.6592f, reader.readFloats("scalar", arena).get());
                assertArrayEquals(
                        new int[] {0, 5}, reader.readFloats("none", arena).shape());
            }
        }
        long header = ByteBuffer.wrap(Files.readAllBytes(path))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        assertEquals(0, header % 8);
    }

    @Test
    void computedTensorsHaveAsManyElementsAsTheirShape() throws IOException {
        Path path = directory.resolve("computed.safetensors");
        new SafetensorsWriter()
                .add(
                        "a",
                        sink -> {
                            sink.write(new float[] {1, 2});
                            sink.write(new float[] {3, 4, 5, 6});
                        },
                        3,
                        2)
                .add("b", new float[] {7})
                .write(path);
        try (Arena arena = Arena.ofConfined();
                SafetensorsFile file = SafetensorsFile.open(path)) {
            TensorReader reader = new TensorReader(file);
            assertArrayEquals(
                    new float[] {1, 2, 3, 4, 5, 6},
                    reader.readFloats("a", arena).toArray());
            assertEquals(7, reader.readFloats("b", arena).get());
        }
        for (int count : new int[] {5, 7}) {
            SafetensorsWriter wrong = new SafetensorsWriter().add("a", sink -> sink.write(new float[count]), 3, 2);
            var refused = assertThrows(IllegalStateException.class, () -> wrong.write(path));
            assertEquals("a: " + count + " values cannot have the shape [3, 2]", refused.getMessage());
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(List.of("a", "b"), List.copyOf(file.names()));
        }
    }

    @Test
    void leavesNothingBesideTheFile() throws IOException {
        Path path = directory.resolve("out.safetensors");
        new SafetensorsWriter().add("a", new float[] {1}, 1).write(path);
        new SafetensorsWriter().add("a", new float[] {2}, 1).write(path);
        try (var files = Files.list(directory)) {
            assertEquals(List.of(path), files.toList());
        }
    }

    @Test
    void aFailureLeavesTheOlderFile() throws IOException {
        Path path = directory.resolve("out.safetensors");
        new SafetensorsWriter().add("a", new float[] {1}, 1).write(path);
        byte[] before = Files.readAllBytes(path);
        Tensor closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = Tensor.allocate(arena, 4);
        }
        assertThrows(
                IllegalStateException.class,
                () -> new SafetensorsWriter().add("a", closed).write(path));
        assertArrayEquals(before, Files.readAllBytes(path));
        try (var files = Files.list(directory)) {
            assertEquals(List.of(path), files.toList());
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsNamed() {
        Path path = directory.resolve("absent").resolve("out.safetensors");
        NoSuchFileException e = assertThrows(NoSuchFileException.class, () -> new SafetensorsWriter().write(path));
        assertEquals(path + ": there is no directory " + path.getParent(), e.getMessage());
    }

    @Test
    void refusesWrongCountsAndNamesTwice() {
        SafetensorsWriter writer = new SafetensorsWriter().add("a", new float[] {1}, 1);
        assertThrows(IllegalArgumentException.class, () -> writer.add("b", new float[] {1}, 2));
        assertThrows(IllegalArgumentException.class, () -> writer.add("a", new float[] {1}, 1));
    }

    @Test
    void inputsOfTheWrongKindAreRefusedByName() throws IOException {
        Path path = directory.resolve("in.safetensors");
        new SafetensorsWriter()
                .add("floats", new float[] {1}, 1, 1)
                .add("large", new long[] {1L << 40}, 1, 1)
                .add("vector", new long[] {3}, 1)
                .add("rows_without_columns", new long[0], Integer.MAX_VALUE, 0)
                .write(path);
        try (Arena arena = Arena.ofConfined();
                SafetensorsFile file = SafetensorsFile.open(path)) {
            TensorReader reader = new TensorReader(file);
            assertComplaint("input_ids: missing", () -> reader.readInts("input_ids"));
            assertComplaint("floats: expected integers, found F32", () -> reader.readInts("floats"));
            assertComplaint("large: found 1099511627776", () -> reader.readInts("large"));
            assertComplaint("vector: expected 2 dimensions, found [1]", () -> reader.readInts("vector"));
            assertComplaint("rows_without_columns: found 0 elements", () -> reader.readInts("rows_without_columns"));
            assertComplaint("vector: expected floats, found I64", () -> reader.readFloats("vector", arena));
            assertArrayEquals(new int[] {3}, reader.readIntVector("vector"));
        }
    }

    private static void assertComplaint(String complaint, org.junit.jupiter.api.function.Executable reading) {
        MalformedFileException e = assertThrows(MalformedFileException.class, reading);
        assertTrue(e.getMessage().contains(complaint), e.getMessage());
    }
}
