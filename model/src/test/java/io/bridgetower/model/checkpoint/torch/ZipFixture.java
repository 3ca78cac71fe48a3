package io.bridgetower.model.checkpoint.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Zip files of stored entries, made by hand, right or wrong. */
public final class ZipFixture {
    private final boolean zip64;
    private final List<Entry> entries = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();

    /** Bytes that are not in {@link #out}, and where they would be. */
    private long hole;

    private int holeAt;

    private record Entry(String name, String localName, byte[] data, int method, int flags, long size, long offset) {}

    public ZipFixture(boolean zip64) {
        this.zip64 = zip64;
    }

    /** What torch.save writes for one storage. */
    public static byte[] archive(byte[] pickle, byte[] data) {
        return new ZipFixture(false)
                .add("x/data.pkl", pickle)
                .add("x/data/0", data)
                .bytes();
    }

    public ZipFixture add(String name, byte[] data) {
        return add(name, name, data, 0, 0, data.length, -1);
    }

    /** @param offset of the local header that the directory claims, −1 for the true one */
    public ZipFixture add(String name, String localName, byte[] data, int method, int flags, long size, long offset) {
        entries.add(new Entry(name, localName, data, method, flags, size, offset));
        return this;
    }

    public byte[] bytes() {
        return bytes(entries.size());
    }

    /** Writes an archive whose first entry is a hole of so many bytes, which take no room on the disk. */
    Path write(Path file, String name, long size) throws IOException {
        hole = size;
        entries.addFirst(new Entry(name, name, new byte[0], 0, 0, size, -1));
        byte[] bytes = bytes();
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(bytes, 0, holeAt);
            sparse.seek(holeAt + hole);
            sparse.write(bytes, holeAt, bytes.length - holeAt);
        }
        return file;
    }

    public byte[] bytes(long count) {
        for (Entry entry : entries) write(entry);
        long begin = position();
        out.writeBytes(directory.toByteArray());
        if (zip64) {
            long end64 = position();
            out.writeBytes(buffer(56)
                    .putInt(0x06064b50)
                    .putLong(44)
                    .putShort((short) 45)
                    .putShort((short) 45)
                    .putInt(0)
                    .putInt(0)
                    .putLong(count)
                    .putLong(count)
                    .putLong(directory.size())
                    .putLong(begin)
                    .array());
            out.writeBytes(buffer(20)
                    .putInt(0x07064b50)
                    .putInt(0)
                    .putLong(end64)
                    .putInt(1)
                    .array());
        }
        short entryCount = (short) (zip64 ? -1 : count);
        out.writeBytes(buffer(22)
                .putInt(0x06054b50)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort(entryCount)
                .putShort(entryCount)
                .putInt(zip64 ? -1 : directory.size())
                .putInt(zip64 ? -1 : (int) begin)
                .putShort((short) 0)
                .array());
        return out.toByteArray();
    }

    private void write(Entry entry) {
        byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
        byte[] localName = entry.localName().getBytes(StandardCharsets.UTF_8);
        long offset = entry.offset() == -1 ? position() : entry.offset();
        int padding = Math.floorMod(-(position() + 30 + localName.length), 64);
        out.writeBytes(buffer(30)
                .putInt(0x04034b50)
                .putShort((short) 45)
                .putShort((short) entry.flags())
                .putShort((short) entry.method())
                .putInt(0)
                .putInt(0)
                .putInt((int) entry.size())
                .putInt((int) entry.size())
                .putShort((short) localName.length)
                .putShort((short) padding)
                .array());
        out.writeBytes(localName);
        out.writeBytes(new byte[padding]);
        out.writeBytes(entry.data());
        if (holeAt == 0) holeAt = out.size();
        int size = zip64 ? -1 : (int) entry.size();
        directory.writeBytes(buffer(46)
                .putInt(0x02014b50)
                .putShort((short) 45)
                .putShort((short) 45)
                .putShort((short) entry.flags())
                .putShort((short) entry.method())
                .putInt(0)
                .putInt(0)
                .putInt(size)
                .putInt(size)
                .putShort((short) name.length)
                .putShort((short) (zip64 ? 28 : 0))
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt(0)
                .putInt(zip64 ? -1 : (int) offset)
                .array());
        directory.writeBytes(name);
        if (zip64) {
            directory.writeBytes(buffer(28)
                    .putShort((short) 1)
                    .putShort((short) 24)
                    .putLong(entry.size())
                    .putLong(entry.size())
                    .putLong(offset)
                    .array());
        }
    }

    private long position() {
        return out.size() + (holeAt == 0 ? 0 : hole);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
