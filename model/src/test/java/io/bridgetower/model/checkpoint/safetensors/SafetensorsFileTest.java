package io.bridgetower.model.checkpoint.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.tensor.DType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFileTest {
    private static final String A = "{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";

    @TempDir
    private Path directory;

    @Test
    void readsWhatTheHeaderSays() throws IOException {
        String header = "{'__metadata__':{'format':'pt'},'b':{'dtype':'I64','shape':[1,1],'data_offsets':[8,16]},'a':"
                + A + ",'none':{'dtype':'F16','shape':[3,0],'data_offsets':[16,16]}}   ";
        byte[] data = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(-2)
                .putLong(7)
                .array();
        try (SafetensorsFile file = open(header, data)) {
            assertEquals(Map.of("format", "pt"), file.metadata());
            assertEquals(List.of("b", "a", "none"), List.copyOf(file.entries().keySet()));
            assertArrayEquals(new long[] {1, 1}, file.entries().get("b").shape());
            assertEquals(DType.I64, file.entries().get("b").dtype());
            assertEquals(-2f, file.data("a").getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 1));
            assertEquals(7, file.data("b").get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
            assertEquals(0, file.data("none").byteSize());
            assertThrows(NoSuchElementException.class, () -> file.data("c"));
        }
    }

    @Test
    void anEmptyHeaderIsAFileWithoutTensors() throws IOException {
        try (SafetensorsFile file = open("{}", new byte[0])) {
            assertTrue(file.entries().isEmpty());
        }
    }

    @Test
    void unknownFieldsOfAnEntryAreIgnored() throws IOException {
        try (SafetensorsFile file =
                open("{'a':{'x':{'y':[1]},'dtype':'U8','shape':[1],'data_offsets':[0,1]}}", new byte[1])) {
            assertEquals(1, file.data("a").byteSize());
        }
    }

    @Test
    void everyTypeHasItsSize() throws IOException {
        for (DType dtype : DType.values()) {
            int bytes = dtype.bits();
            String header = "{'a':{'dtype':'" + dtype + "','shape':[8],'data_offsets':[0," + bytes + "]}}";
            try (SafetensorsFile file = open(header, new byte[bytes])) {
                assertEquals(dtype, file.entries().get("a").dtype());
            }
        }
    }

    @Test
    void segmentsDieWithTheFileAndClosingTwiceDoesNothing() throws IOException {
        SafetensorsFile file = open("{'a':" + A + "}", new byte[8]);
        MemorySegment segment = file.data("a");
        file.close();
        file.close();
        assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_BYTE, 0));
    }

    @Test
    void tensorsPastFourGigabytes() throws IOException {
        Path path = directory.resolve("large.safetensors");
        long hole = 5L << 30;
        String header = ("{'hole':{'dtype':'U8','shape':[" + hole + "],'data_offsets':[0," + hole
                        + "]},'far':{'dtype':'F32','shape':[2],'data_offsets':[" + hole + "," + (hole + 8) + "]}}")
                .replace('\'', '"');
        SafetensorsFixture.write(path, header, 0);
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            sparse.setLength(Long.BYTES + header.length() + hole + 8);
            sparse.seek(sparse.length() - 4);
            sparse.writeInt(Integer.reverseBytes(Float.floatToIntBits(3.25f)));
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(hole, file.data("hole").byteSize());
            assertEquals(3.25f, file.data("far").getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 1));
        }
    }

    static Stream<Arguments> brokenHeaders() {
        String many = String.join(",", IntStream.range(0, 65).mapToObj(i -> "1").toList());
        return Stream.of(
                Arguments.of("not JSON", "{", 0, "not valid JSON"),
                Arguments.of("rest after the object", "{}{}", 0, "expected the end"),
                Arguments.of("rest of a word", "{}x", 0, "not valid JSON"),
                Arguments.of("starts with a space", " {}", 0, "does not start with '{'"),
                Arguments.of("an array", "[]", 0, "does not start with '{'"),
                Arguments.of("empty", "", 0, "does not start with '{'"),
                Arguments.of("entry is a number", "{'a':1}", 0, "a: expected an object, found 1"),
                Arguments.of("entry is null", "{'a':null}", 0, "a: expected an object"),
                Arguments.of("no dtype", "{'a':{'shape':[2],'data_offsets':[0,8]}}", 8, "a: has no dtype"),
                Arguments.of("no shape", "{'a':{'dtype':'F32','data_offsets':[0,8]}}", 8, "a: has no shape"),
                Arguments.of("no offsets", "{'a':{'dtype':'F32','shape':[2]}}", 8, "a: has no data_offsets"),
                Arguments.of("unknown dtype", entry("F31", "[2]", "[0,8]"), 8, "a.dtype: found \"F31\""),
                Arguments.of("dtype is a number", "{'a':{'dtype':1,'shape':[2],'data_offsets':[0,8]}}", 8, "a.dtype"),
                Arguments.of("negative dimension", entry("F32", "[-2]", "[0,8]"), 8, "a.shape[0]: found -2"),
                Arguments.of(
                        "dimension with fraction",
                        entry("F32", "[2.0]", "[0,8]"),
                        8,
                        "a.shape[0]: expected an integer"),
                Arguments.of("dimension of 2^64", entry("F32", "[18446744073709551616]", "[0,8]"), 8, "64 bits"),
                Arguments.of("size of 2^66", entry("F32", "[4294967296,4294967296]", "[0,8]"), 8, "has no size"),
                Arguments.of("size of 2^63", entry("F32", "[2305843009213693952]", "[0,8]"), 8, "has no size"),
                Arguments.of("half a byte", entry("F4", "[1]", "[0,1]"), 1, "has no size"),
                Arguments.of("too many dimensions", entry("F32", "[" + many + "]", "[0,8]"), 8, "more than 64"),
                Arguments.of("one offset", entry("F32", "[2]", "[0]"), 8, "found 1 numbers, expected 2"),
                Arguments.of("three offsets", entry("F32", "[2]", "[0,8,16]"), 8, "more than 2 numbers"),
                Arguments.of("negative offset", entry("F32", "[2]", "[-8,0]"), 8, "a.data_offsets[0]: found -8"),
                Arguments.of("backwards", entry("F32", "[2]", "[8,0]"), 8, "begins at byte 8, but ends at 0"),
                Arguments.of("past the end", entry("F32", "[4]", "[0,16]"), 8, "a: data_offsets: ends at byte 16"),
                Arguments.of(
                        "size is not the shape's",
                        entry("F32", "[3]", "[0,8]"),
                        8,
                        "needs 12 bytes, data_offsets give 8"),
                Arguments.of(
                        "shape of 2^63 - 1", entry("U8", "[9223372036854775807]", "[0,8]"), 8, "data_offsets give 8"),
                Arguments.of("hole before", entry("F32", "[1]", "[4,8]"), 8, "leaves a hole before it"),
                Arguments.of(
                        "rest after", entry("F32", "[1]", "[0,4]"), 8, "end at byte 4 of the data, the file has 8"),
                Arguments.of("data without tensors", "{}", 8, "end at byte 0 of the data, the file has 8"),
                Arguments.of(
                        "overlap",
                        "{'a':" + A + ",'b':{'dtype':'U8','shape':[8],'data_offsets':[4,12]}}",
                        12,
                        "overlaps"),
                Arguments.of("the same bytes", "{'a':" + A + ",'b':" + A + "}", 8, "overlaps"),
                Arguments.of("name twice", "{'a':" + A + ",'a':" + A + "}", 8, "a: the name appears twice"),
                Arguments.of(
                        "field twice",
                        "{'a':{'dtype':'F32','dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
                        8,
                        "twice"),
                Arguments.of(
                        "metadata twice",
                        "{'__metadata__':{},'__metadata__':{}}",
                        0,
                        "__metadata__: the name appears twice"),
                Arguments.of(
                        "metadata name twice",
                        "{'__metadata__':{'x':'1','x':'2'}}",
                        0,
                        "__metadata__.x: the name appears"),
                Arguments.of("metadata of numbers", "{'__metadata__':{'x':1}}", 0, "__metadata__.x: expected a string"),
                Arguments.of("deep", "{'a':{'x':" + "[".repeat(100_000), 0, "a.x"),
                Arguments.of("long name", "{'" + "a".repeat(1 << 20) + "':1}", 0, "not valid JSON"),
                Arguments.of("NaN", "{'a':NaN}", 0, "not valid JSON"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenHeaders")
    void refusesBrokenHeaders(String what, String header, int dataBytes, String complaint) {
        MalformedFileException e = assertThrows(
                MalformedFileException.class,
                () -> open(header, new byte[dataBytes]).close());
        assertTrue(e.getMessage().contains(complaint), e.getMessage());
        assertTrue(e.getMessage().startsWith(directory.resolve("file.safetensors") + ": "), e.getMessage());
    }

    static Stream<Arguments> brokenFiles() {
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        byte[] latin1 = "{\"\u00e9\":1}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf16 = "{}".getBytes(StandardCharsets.UTF_16LE);
        return Stream.of(
                Arguments.of("empty", new byte[0], "ends after 0 bytes"),
                Arguments.of("seven bytes", new byte[7], "ends after 7 bytes"),
                Arguments.of("length alone", new byte[8], "does not start with '{'"),
                Arguments.of(
                        "length past the end", SafetensorsFixture.bytes(3, json, new byte[0]), "the file has 2 left"),
                Arguments.of(
                        "length past the limit", SafetensorsFixture.bytes(100_000_001, json, new byte[0]), "allows"),
                Arguments.of(
                        "negative length", SafetensorsFixture.bytes(-1, json, new byte[0]), "18446744073709551615"),
                Arguments.of("length cuts the JSON", SafetensorsFixture.bytes(1, json, new byte[0]), "not valid JSON"),
                Arguments.of(
                        "not UTF-8", SafetensorsFixture.bytes(latin1.length, latin1, new byte[0]), "not valid UTF-8"),
                Arguments.of("UTF-16", SafetensorsFixture.bytes(utf16.length, utf16, new byte[0]), "not valid JSON"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenFiles")
    void refusesBrokenFiles(String what, byte[] bytes, String complaint) throws IOException {
        Path path = Files.write(directory.resolve("file.safetensors"), bytes);
        MalformedFileException e = assertThrows(
                MalformedFileException.class, () -> SafetensorsFile.open(path).close());
        assertTrue(e.getMessage().contains(complaint), e.getMessage());
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = SafetensorsFixture.bytes(
                A.length() + 6, ("{'a':" + A + "}").replace('\'', '"').getBytes(), new byte[8]);
        for (int length = 0; length < whole.length; length++) {
            Path path = Files.write(directory.resolve("cut.safetensors"), java.util.Arrays.copyOf(whole, length));
            assertThrows(
                    MalformedFileException.class,
                    () -> SafetensorsFile.open(path).close(),
                    "cut at " + length);
        }
    }

    private static String entry(String dtype, String shape, String offsets) {
        return "{'a':{'dtype':'" + dtype + "','shape':" + shape + ",'data_offsets':" + offsets + "}}";
    }

    private SafetensorsFile open(String header, byte[] data) throws IOException {
        Path path = directory.resolve("file.safetensors");
        return SafetensorsFile.open(SafetensorsFixture.write(path, header.replace('\'', '"'), data));
    }
}
