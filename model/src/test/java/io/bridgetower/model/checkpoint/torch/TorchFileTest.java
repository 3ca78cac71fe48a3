package io.bridgetower.model.checkpoint.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.Checkpoint;
import io.bridgetower.model.checkpoint.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {
    private static final long[] SHAPE = {2, 3};
    private static final long[] STRIDES = {3, 1};

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsADictionaryOfTensors(boolean zip64) throws IOException {
        byte[] pickle = new PickleFixture()
                .op('}')
                .op('q')
                .op(0)
                .op('(')
                .text("a")
                .tensor("FloatStorage", "0", 6, 0, SHAPE, STRIDES)
                .text("n")
                .op('N')
                .op('u')
                .bytes();
        try (TorchFile file = open(new ZipFixture(zip64)
                .add("x/data.pkl", pickle)
                .add("x/data/0", PickleFixture.floats(6))
                .add("x/byteorder", "little".getBytes())
                .add("x/version", "3\n".getBytes())
                .bytes())) {
            assertEquals(Set.of("a"), file.names());
            assertArrayEquals(SHAPE, file.info("a").shape());
            assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, values(file, "a"));
            assertEquals(0, file.data("a").address() % 64, "stays where it lies in the file");
        }
    }

    @Test
    void viewsOfASharedStorage() throws IOException {
        byte[] pickle = new PickleFixture()
                .global("collections", "OrderedDict")
                .op(')')
                .op('R')
                .op('(')
                .text("row")
                .tensor("FloatStorage", "0", 6, 3, new long[] {3}, new long[] {1})
                .text("transposed")
                .tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3})
                .text("corner")
                .tensor("FloatStorage", "0", 6, 1, new long[] {2, 2}, new long[] {3, 1})
                .text("repeated")
                .tensor("FloatStorage", "0", 6, 2, new long[] {3, 1}, new long[] {0, 1})
                .text("scalar")
                .tensor("FloatStorage", "0", 6, 5, new long[] {}, new long[] {})
                .text("empty")
                .tensor("FloatStorage", "0", 6, 6, new long[] {0, 4}, new long[] {4, 1})
                .text("one")
                .tensor("FloatStorage", "0", 6, 4, new long[] {1, 1}, new long[] {77, 99})
                .text("parameter")
                .global("torch._utils", "_rebuild_parameter")
                .op('(')
                .tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1})
                .op(0x88)
                .global("collections", "OrderedDict")
                .op(')')
                .op('R')
                .op('t')
                .op('R')
                .op('u')
                .op('}')
                .text("_metadata")
                .op('}')
                .op('s')
                .op('b')
                .bytes();
        try (TorchFile file = open(ZipFixture.archive(pickle, PickleFixture.floats(6)))) {
            assertArrayEquals(new float[] {3, 4, 5}, values(file, "row"));
            assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, values(file, "transposed"));
            assertArrayEquals(new float[] {1, 2, 4, 5}, values(file, "corner"));
            assertArrayEquals(new float[] {2, 2, 2}, values(file, "repeated"));
            assertArrayEquals(new float[] {5}, values(file, "scalar"));
            assertArrayEquals(new float[] {}, values(file, "empty"));
            assertArrayEquals(new float[] {4}, values(file, "one"));
            assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, values(file, "parameter"));
            assertEquals(
                    file.data("transposed").address(), file.data("transposed").address(), "copied once");
        }
    }

    @Test
    void theMemoSharesAStorage() throws IOException {
        byte[] pickle = new PickleFixture()
                .op('}')
                .op('(')
                .text("a")
                .global("torch._utils", "_rebuild_tensor_v2")
                .op('(')
                .storage("LongStorage", "0", 3)
                .op('q')
                .op(7)
                .integer(0)
                .tuple(3)
                .tuple(1)
                .op('t')
                .op('R')
                .text("b")
                .global("torch._utils", "_rebuild_tensor_v2")
                .op('(')
                .op('h')
                .op(7)
                .integer(1)
                .tuple(2)
                .tuple(1)
                .op('t')
                .op('R')
                .op('u')
                .bytes();
        try (TorchFile file = open(ZipFixture.archive(pickle, new byte[24]))) {
            assertEquals(DType.I64, file.info("b").dtype());
            assertEquals(file.data("a").address() + 8, file.data("b").address());
        }
    }

    @Test
    void everyStorageTypeHasItsSize() throws IOException {
        String[] types = {"Double", "Float", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool"};
        int[] widths = {8, 4, 2, 2, 8, 4, 2, 1, 1, 1};
        for (int i = 0; i < types.length; i++) {
            byte[] pickle = new PickleFixture()
                    .op('}')
                    .text("a")
                    .tensor(types[i] + "Storage", "0", 6, 0, SHAPE, STRIDES)
                    .op('s')
                    .bytes();
            try (TorchFile file = open(ZipFixture.archive(pickle, new byte[6 * widths[i]]))) {
                assertEquals(6L * widths[i], file.data("a").byteSize(), types[i]);
            }
        }
    }

    @Test
    void theDictionaryOfATrainerHoldsAStateDict() throws IOException {
        byte[] pickle = new PickleFixture()
                .op('}')
                .op('(')
                .text("epoch")
                .op('K')
                .op(3)
                .text("lr")
                .op('G')
                .op(0x3f, 0xf0, 0, 0, 0, 0, 0, 0)
                .text("betas")
                .op('K')
                .op(1)
                .op('K')
                .op(2)
                .op(0x86)
                .text("steps")
                .op(']')
                .op('(')
                .op('K')
                .op(1)
                .op('K')
                .op(2)
                .op('e')
                .op('K')
                .op(3)
                .op('a')
                .text("state_dict")
                .op('}')
                .text("a")
                .tensor("FloatStorage", "0", 6, 0, SHAPE, STRIDES)
                .op('s')
                .op('u')
                .bytes();
        try (TorchFile file = open(ZipFixture.archive(pickle, PickleFixture.floats(6)))) {
            assertEquals(Set.of("a"), file.names());
        }
    }

    @Test
    void protocolFour() throws IOException {
        byte[] pickle = new PickleFixture()
                .op(0x80, 4)
                .op(0x95, 0, 0, 0, 0, 0, 0, 0, 0)
                .op('}')
                .op(0x94)
                .op(0x8c, 1, 'a')
                .op(0x8c, 12)
                .op("torch._utils".chars().toArray())
                .op(0x8c, 18)
                .op("_rebuild_tensor_v2".chars().toArray())
                .op(0x93)
                .op('(')
                .storage("FloatStorage", "0", 6)
                .integer(0)
                .tuple(6)
                .tuple(1)
                .op('t')
                .op('R')
                .op('s')
                .bytes();
        try (TorchFile file = open(ZipFixture.archive(pickle, PickleFixture.floats(6)))) {
            assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, values(file, "a"));
        }
    }

    @Test
    void aCheckpointOfTorchIsReadLikeAnyOther() throws IOException {
        byte[] pickle = new PickleFixture()
                .op('}')
                .text("module.bridgetower.LayerNorm.gamma")
                .tensor("FloatStorage", "0", 6, 0, SHAPE, STRIDES)
                .op('s')
                .bytes();
        Files.writeString(directory.resolve("config.json"), "{}");
        Files.write(directory.resolve("one.bin"), ZipFixture.archive(pickle, PickleFixture.floats(6)));
        Files.writeString(
                directory.resolve("pytorch_model.bin.index.json"),
                "{\"weight_map\": {\"module.bridgetower.LayerNorm.gamma\": \"one.bin\"}}");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertEquals(5, checkpoint.trunk().get("LayerNorm.weight", 2, 3).toArray()[5]);
        }
        Files.write(directory.resolve("pytorch_model.bin"), ZipFixture.archive(pickle, PickleFixture.floats(6)));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertEquals(5, checkpoint.trunk().get("LayerNorm.weight", 2, 3).toArray()[5]);
        }
    }

    @Test
    void storagesPastFourGigabytes() throws IOException {
        long elements = 5L << 28;
        byte[] pickle = new PickleFixture()
                .op('}')
                .op('(')
                .text("last")
                .tensor("FloatStorage", "hole", elements, elements - 2, new long[] {2}, new long[] {1})
                .text("apart")
                .tensor("FloatStorage", "hole", elements, 0, new long[] {2}, new long[] {elements - 1})
                .text("behind")
                .tensor("FloatStorage", "0", 6, 0, SHAPE, STRIDES)
                .op('u')
                .bytes();
        Path path = new ZipFixture(true)
                .add("x/data.pkl", pickle)
                .add("x/data/0", PickleFixture.floats(6))
                .write(directory.resolve("large.bin"), "x/data/hole", elements * Float.BYTES);
        try (TorchFile file = TorchFile.open(path)) {
            assertArrayEquals(new float[] {0, 0}, values(file, "last"));
            assertArrayEquals(new float[] {0, 0}, values(file, "apart"));
            assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, values(file, "behind"));
        }
    }

    @Test
    void aSmallFileDoesNotStandForALargeModel() throws IOException {
        PickleFixture repeated = new PickleFixture()
                .op('}')
                .text("a")
                .tensor("FloatStorage", "0", 6, 0, new long[] {1 << 30, 1 << 28}, new long[] {0, 0})
                .op('s');
        assertBroken("a: tensors that share or repeat", ZipFixture.archive(repeated.bytes(), PickleFixture.floats(6)));
        PickleFixture shared = new PickleFixture().op('}');
        for (int i = 0; i < 100; i++) {
            shared.text("t" + i)
                    .tensor("FloatStorage", "0", 100_000, 0, new long[] {100_000}, new long[] {1})
                    .op('s');
        }
        assertBroken("t16: tensors that share or repeat", ZipFixture.archive(shared.bytes(), new byte[400_000]));
    }

    @Test
    void refusesBrokenArchives() throws IOException {
        byte[] pickle = new PickleFixture()
                .op('}')
                .text("a")
                .tensor("FloatStorage", "0", 6, 0, SHAPE, STRIDES)
                .op('s')
                .bytes();
        byte[] data = PickleFixture.floats(6);
        assertBroken("not a whole zip file", new byte[0]);
        assertBroken("not a whole zip file", "PK\u0003\u0004 and no more of it".getBytes());
        assertBroken("as torch wrote before version 1.6", new byte[] {(byte) 0x80, 2, (byte) 0x8a});
        assertBroken(
                "found 0 in the archive",
                new ZipFixture(false).add("x/data/0", data).bytes());
        assertBroken(
                "found 2 in the archive",
                new ZipFixture(false)
                        .add("x/data.pkl", pickle)
                        .add("y/data.pkl", pickle)
                        .bytes());
        assertBroken(
                "byteorder: expected little",
                new ZipFixture(false)
                        .add("x/data.pkl", pickle)
                        .add("x/data/0", data)
                        .add("x/byteorder", "big".getBytes())
                        .bytes());
        assertBroken("x/data.pkl: is compressed by method 8", with(pickle, "x/data.pkl", 8, 0, pickle.length, -1));
        assertBroken("x/data.pkl: is encrypted", with(pickle, "x/data.pkl", 0, 1, pickle.length, -1));
        assertBroken("x/data.pkl: has another name", with(pickle, "x/data.pkk", 0, 0, pickle.length, -1));
        assertBroken("x/data.pkl: has 1000000 bytes at", with(pickle, "x/data.pkl", 0, 0, 1_000_000, -1));
        assertBroken("x/data.pkl: has no local header", with(pickle, "x/data.pkl", 0, 0, pickle.length, 1));
        assertBroken("x/data.pkl: has no local header", with(pickle, "x/data.pkl", 0, 0, pickle.length, 1 << 30));
        assertBroken(
                "x/b: has another name",
                new ZipFixture(false)
                        .add("x/a", data)
                        .add("x/b", "x/b", data, 0, 0, 24, 0)
                        .bytes());
        assertBroken(
                "overlaps the entry",
                new ZipFixture(false)
                        .add("x/a", "x/a", data, 0, 0, 60, -1)
                        .add("x/b", data)
                        .bytes());
        assertBroken(
                "appears twice",
                new ZipFixture(false).add("x/a", data).add("x/a", data).bytes());
        assertBroken(
                "has 1 entries, expected 2",
                new ZipFixture(false).add("x/a", data).bytes(2));
        assertBroken(
                "more than its 0 entries",
                new ZipFixture(false).add("x/a", data).bytes(0));
        assertBroken(
                "has 1 entries, expected 9223372036854775807",
                new ZipFixture(true).add("x/a", data).bytes(Long.MAX_VALUE));
        assertBroken(
                "past any file's size", new ZipFixture(true).add("x/a", data).bytes(-1));
        assertBroken(
                "past any file's size",
                new ZipFixture(true).add("x/a", "x/a", data, 0, 0, -5, -1).bytes());
        assertBroken(
                "bytes at 64, the file ends",
                new ZipFixture(true)
                        .add("x/a", "x/a", data, 0, 0, Long.MAX_VALUE, -1)
                        .bytes());
        byte[] whole = ZipFixture.archive(pickle, data);
        for (int length = 0; length < whole.length; length++) assertBroken("", Arrays.copyOf(whole, length));
    }

    /** Whatever a mutation does, the file is read within its bounds or refused by the one exception. */
    @Test
    void mutationsAreReadOrRefused() throws IOException {
        byte[] pickle = new PickleFixture()
                .op('}')
                .op('(')
                .text("a")
                .tensor("FloatStorage", "0", 6, 0, SHAPE, STRIDES)
                .text("b")
                .tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3})
                .op('u')
                .bytes();
        Random random = new Random(6);
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = new ZipFixture(round % 2 == 0)
                    .add("x/data.pkl", pickle)
                    .add("x/data/0", PickleFixture.floats(6))
                    .bytes();
            for (int i = random.nextInt(4); i >= 0; i--) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try (TorchFile file = open(bytes)) {
                for (String name : file.names()) file.data(name).toArray(ValueLayout.JAVA_BYTE);
            } catch (MalformedFileException e) {
                assertTrue(e.getMessage().startsWith(directory.toString()), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 300 && refused < 2700, refused + " refused");
    }

    private static byte[] with(byte[] pickle, String localName, int method, int flags, long size, long offset) {
        return new ZipFixture(false)
                .add("x/data.pkl", localName, pickle, method, flags, size, offset)
                .bytes();
    }

    private static float[] values(TorchFile file, String name) throws IOException {
        MemorySegment data = file.data(name);
        return data.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    private TorchFile open(byte[] bytes) throws IOException {
        return TorchFile.open(Files.write(directory.resolve("pytorch_model.bin"), bytes));
    }

    private void assertBroken(String complaint, byte[] bytes) {
        MalformedFileException e =
                assertThrows(MalformedFileException.class, () -> open(bytes).close());
        assertTrue(e.getMessage().contains(complaint), complaint + " in " + e.getMessage());
    }
}
