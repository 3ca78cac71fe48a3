package io.bridgetower.model.checkpoint.safetensors;

import io.bridgetower.files.JsonReader;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.tensor.DType;
import io.bridgetower.model.checkpoint.tensor.MappedFile;
import io.bridgetower.model.checkpoint.tensor.Shapes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The header of a safetensors file: eight bytes of length, then that many bytes of JSON. */
final class SafetensorsHeader {
    /** The limit of the format. */
    private static final long MAX_LENGTH = 100_000_000;

    /** Keeps what a header of the longest allowed length makes on the heap below some 50 MB. */
    private static final long MAX_KEPT = 24 << 20;

    /** Heap bytes of an entry in addition to its name, roughly. */
    private static final int KEPT_PER_ENTRY = 200;

    private static final String METADATA = "__metadata__";
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final long dataBegin;
    private final long dataLength;
    private boolean metadataSeen;
    private long kept;

    /** Reads and checks the header at the beginning of {@code bytes}, the whole file. */
    SafetensorsHeader(Path file, MemorySegment bytes) throws IOException {
        this.file = file;
        long size = bytes.byteSize();
        if (size < Long.BYTES)
            throw header("the file ends after " + size + " bytes, before the header's length" + MappedFile.CUT_OFF);
        long length = bytes.get(LENGTH, 0);
        if (length < 0 || length > MAX_LENGTH) {
            String found = Long.toUnsignedString(length);
            throw header("found a length of " + found + " bytes, the format allows " + MAX_LENGTH);
        }
        if (length > size - Long.BYTES) {
            throw header("found a length of " + length + " bytes, the file has " + (size - Long.BYTES) + " left"
                    + MappedFile.CUT_OFF);
        }
        dataBegin = Long.BYTES + length;
        dataLength = size - dataBegin;
        if (length == 0 || bytes.get(ValueLayout.JAVA_BYTE, Long.BYTES) != '{') throw header("does not start with '{'");
        try (JsonReader json = new JsonReader(file, new SegmentInputStream(bytes.asSlice(Long.BYTES, length)))) {
            read(json);
        }
        checkContiguous();
    }

    Map<String, TensorEntry> entries() {
        return entries;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    long dataBegin() {
        return dataBegin;
    }

    private void read(JsonReader json) throws IOException {
        json.beginObject();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            if (name.equals(METADATA)) {
                if (metadataSeen) throw json.malformed("the name appears twice");
                metadataSeen = true;
                readMetadata(json);
            } else {
                if (entries.containsKey(name)) throw json.malformed("the name appears twice");
                keep(json, name.length() + KEPT_PER_ENTRY);
                entries.put(name, readEntry(json, name));
            }
        }
        json.end();
    }

    private void readMetadata(JsonReader json) throws IOException {
        json.beginObject();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            if (metadata.containsKey(name)) throw json.malformed("the name appears twice");
            String value = json.string();
            keep(json, name.length() + value.length() + KEPT_PER_ENTRY);
            metadata.put(name, value);
        }
    }

    private TensorEntry readEntry(JsonReader json, String name) throws IOException {
        DType dtype = null;
        long[] shape = null;
        long[] offsets = null;
        json.beginObject();
        for (String field = json.nextName(); field != null; field = json.nextName()) {
            switch (field) {
                case "dtype" -> {
                    if (dtype != null) throw json.malformed("the name appears twice");
                    dtype = readDType(json);
                }
                case "shape" -> {
                    if (shape != null) throw json.malformed("the name appears twice");
                    shape = readNumbers(json, Shapes.MAX_RANK);
                }
                case "data_offsets" -> {
                    if (offsets != null) throw json.malformed("the name appears twice");
                    offsets = readNumbers(json, 2);
                }
                default -> json.skip();
            }
        }
        if (dtype == null) throw malformed(name, "has no dtype");
        if (shape == null) throw malformed(name, "has no shape");
        if (offsets == null) throw malformed(name, "has no data_offsets");
        return checked(name, dtype, shape, offsets);
    }

    private static DType readDType(JsonReader json) throws IOException {
        String found = json.string();
        for (DType dtype : DType.values()) if (dtype.name().equals(found)) return dtype;
        throw json.malformed("found \"" + found + "\", expected one of " + Arrays.toString(DType.values()));
    }

    private static long[] readNumbers(JsonReader json, int limit) throws IOException {
        long[] numbers = new long[limit];
        int count = 0;
        json.beginArray();
        for (Long number = json.nextInteger(); number != null; number = json.nextInteger()) {
            if (number < 0) throw json.malformed("found " + number + ", expected 0 or more");
            if (count == limit) throw json.malformed("found more than " + limit + " numbers");
            numbers[count++] = number;
        }
        return Arrays.copyOf(numbers, count);
    }

    private TensorEntry checked(String name, DType dtype, long[] shape, long[] offsets) throws MalformedFileException {
        if (offsets.length != 2) {
            throw malformed(name, "data_offsets: found " + offsets.length + " numbers, expected 2");
        }
        long begin = offsets[0];
        long end = offsets[1];
        if (begin > end) throw malformed(name, "data_offsets: begins at byte " + begin + ", but ends at " + end);
        if (end > dataLength) {
            throw malformed(
                    name,
                    "data_offsets: ends at byte " + end + ", the file has " + dataLength + " of data"
                            + MappedFile.CUT_OFF);
        }
        long expected;
        try {
            expected = dtype.bytes(Shapes.elements(shape));
        } catch (ArithmeticException e) {
            throw malformed(
                    name,
                    "shape " + Arrays.toString(shape) + " of " + dtype + " has no size in bytes: " + e.getMessage());
        }
        if (end - begin != expected) {
            throw malformed(
                    name,
                    "shape " + Arrays.toString(shape) + " of " + dtype + " needs " + expected
                            + " bytes, data_offsets give " + (end - begin));
        }
        return new TensorEntry(name, dtype, shape, begin, end);
    }

    /** The tensors must cover the data from its beginning to its end, each byte once. */
    private void checkContiguous() throws MalformedFileException {
        List<TensorEntry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
        long covered = 0;
        for (TensorEntry entry : sorted) {
            if (entry.begin() != covered) {
                String what = entry.begin() < covered ? "overlaps the tensor before it" : "leaves a hole before it";
                throw malformed(
                        entry.name(),
                        "data_offsets: begins at byte " + entry.begin() + ", expected " + covered + ": " + what);
            }
            covered = entry.end();
        }
        if (covered != dataLength) {
            throw header("the tensors end at byte " + covered + " of the data, the file has " + dataLength);
        }
    }

    private void keep(JsonReader json, long bytes) throws MalformedFileException {
        kept += bytes;
        if (kept > MAX_KEPT) throw json.malformed("too many or too long names: more than any checkpoint has");
    }

    private MalformedFileException malformed(String name, String problem) {
        return new MalformedFileException(file, name, problem);
    }

    private MalformedFileException header(String problem) {
        return new MalformedFileException(file, "header", problem);
    }
}
