package io.bridgetower.model.checkpoint.torch;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.tensor.MappedFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The entries of a zip file that stores them without compression, as slices of the mapped file. Names and sizes come
 * from the central directory (APPNOTE.TXT 4.3.12, zip64 4.5.3); a local header only says where its data begins. Checksums
 * are not looked at: torch can be told to write none ({@code set_crc32_options}) and reads such files itself, and to add
 * up gigabytes that are about to be mapped would read them twice.
 */
final class ZipDirectory {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_LOCATOR = 0x07064b50;

    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int CENTRAL_HEADER_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int END_64_BYTES = 56;
    private static final int END_64_LOCATOR_BYTES = 20;
    private static final int MAX_COMMENT = 0xFFFF;
    private static final int ENCRYPTED = 1;
    private static final int ZIP64_FIELD = 1;

    /** Keeps what a directory makes on the heap below some 50 MB. */
    private static final long MAX_KEPT = 24 << 20;

    private static final int KEPT_PER_ENTRY = 250;

    private final Path file;
    private final MemorySegment bytes;
    private final Map<String, MemorySegment> entries = new LinkedHashMap<>();
    private final List<Extent> extents = new ArrayList<>();

    /** The bytes that an entry takes, its local header included. */
    private record Extent(String name, long begin, long end) {}

    /** Reads and checks the directory of {@code bytes}, the whole file. */
    ZipDirectory(Path file, MemorySegment bytes) throws MalformedFileException {
        this.file = file;
        this.bytes = bytes;
        long end = findEnd();
        long count = u16(end + 10);
        long size = u32(end + 12);
        long begin = u32(end + 16);
        long limit = end;
        long locator = end - END_64_LOCATOR_BYTES;
        if (locator >= 0 && bytes.get(U32, locator) == END_64_LOCATOR) {
            long end64 = u64(locator + 8);
            if (end64 > locator - END_64_BYTES || bytes.get(U32, end64) != END_64) {
                throw malformed(null, "the zip64 locator does not lead to a zip64 end record");
            }
            count = u64(end64 + 32);
            size = u64(end64 + 40);
            begin = u64(end64 + 48);
            limit = end64;
        }
        if (begin > limit || size > limit - begin) {
            throw malformed(null, "the zip directory of " + size + " bytes at " + begin + " does not fit the file");
        }
        read(begin, begin + size, count);
        checkApart();
    }

    /** The data of every entry, by name, in the order of the directory. */
    Map<String, MemorySegment> entries() {
        return Collections.unmodifiableMap(entries);
    }

    private long findEnd() throws MalformedFileException {
        long last = bytes.byteSize() - END_BYTES;
        for (long at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
            if (bytes.get(U32, at) == END && at + END_BYTES + u16(at + 20) == bytes.byteSize()) return at;
        }
        throw malformed(null, "not a whole zip file: it does not end in a zip directory" + MappedFile.CUT_OFF);
    }

    private void read(long begin, long end, long count) throws MalformedFileException {
        long at = begin;
        long kept = 0;
        for (long i = 0; i < count; i++) {
            if (end - at < CENTRAL_HEADER_BYTES || bytes.get(U32, at) != CENTRAL_HEADER) {
                throw malformed(null, "the zip directory has " + i + " entries, expected " + count);
            }
            int nameBytes = u16(at + 28);
            long length = CENTRAL_HEADER_BYTES + nameBytes + u16(at + 30) + u16(at + 32);
            if (length > end - at) throw malformed(null, "entry " + i + " of the zip directory is cut off");
            kept += nameBytes + KEPT_PER_ENTRY;
            if (kept > MAX_KEPT) throw malformed(null, "the zip directory has more names than any checkpoint");
            readEntry(at, nameBytes);
            at += length;
        }
        if (at != end) throw malformed(null, "the zip directory has more than its " + count + " entries");
    }

    private void readEntry(long at, int nameBytes) throws MalformedFileException {
        String name = name(at + CENTRAL_HEADER_BYTES, nameBytes);
        if ((u16(at + 8) & ENCRYPTED) != 0) throw malformed(name, "is encrypted");
        int method = u16(at + 10);
        if (method != 0) throw malformed(name, "is compressed by method " + method + ", expected it stored");
        long[] values = {u32(at + 24), u32(at + 20), u32(at + 42)};
        readZip64Field(name, at + CENTRAL_HEADER_BYTES + nameBytes, u16(at + 30), values);
        long size = values[0];
        long header = values[2];
        if (values[1] != size) throw malformed(name, "is stored, but its two sizes are " + values[1] + " and " + size);
        if (header > bytes.byteSize() - LOCAL_HEADER_BYTES || bytes.get(U32, header) != LOCAL_HEADER) {
            throw malformed(name, "has no local header at byte " + header);
        }
        long nameBegin = header + LOCAL_HEADER_BYTES;
        int localNameBytes = u16(header + 26);
        long data = nameBegin + localNameBytes + u16(header + 28);
        if (data > bytes.byteSize() || size > bytes.byteSize() - data) {
            throw malformed(name, "has " + size + " bytes at " + data + ", the file ends at " + bytes.byteSize());
        }
        MemorySegment centralName = bytes.asSlice(at + CENTRAL_HEADER_BYTES, nameBytes);
        if (bytes.asSlice(nameBegin, localNameBytes).mismatch(centralName) != -1) {
            throw malformed(name, "has another name in its local header");
        }
        if (entries.putIfAbsent(name, bytes.asSlice(data, size)) != null) {
            throw malformed(name, "appears twice in the zip directory");
        }
        extents.add(new Extent(name, header, data + size));
    }

    /** Replaces those of size, compressed size and offset that are all ones by what a zip64 extra field holds. */
    private void readZip64Field(String name, long at, int length, long[] values) throws MalformedFileException {
        long end = at + length;
        while (end - at >= 4) {
            int id = u16(at);
            long next = at + 4 + u16(at + 2);
            if (next > end) throw malformed(name, "has an extra field that is cut off");
            if (id == ZIP64_FIELD) {
                long value = at + 4;
                for (int i = 0; i < values.length; i++) {
                    if (values[i] != 0xFFFFFFFFL) continue;
                    if (next - value < Long.BYTES) throw malformed(name, "has a zip64 field that is cut off");
                    values[i] = u64(value);
                    value += Long.BYTES;
                }
            }
            at = next;
        }
    }

    /** Entries that share bytes are the trick of zip bombs. */
    private void checkApart() throws MalformedFileException {
        extents.sort(Comparator.comparingLong(Extent::begin));
        for (int i = 1; i < extents.size(); i++) {
            if (extents.get(i).begin() < extents.get(i - 1).end()) {
                throw malformed(
                        extents.get(i).name(),
                        "overlaps the entry " + extents.get(i - 1).name());
            }
        }
    }

    private String name(long at, int length) {
        return new String(bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private int u16(long at) {
        return Short.toUnsignedInt(bytes.get(U16, at));
    }

    private long u32(long at) {
        return Integer.toUnsignedLong(bytes.get(U32, at));
    }

    private long u64(long at) throws MalformedFileException {
        long value = bytes.get(U64, at);
        if (value >= 0) return value;
        throw malformed(null, "found " + Long.toUnsignedString(value) + " at byte " + at + ", past any file's size");
    }

    private MalformedFileException malformed(String entry, String problem) {
        return new MalformedFileException(file, entry, problem);
    }
}
