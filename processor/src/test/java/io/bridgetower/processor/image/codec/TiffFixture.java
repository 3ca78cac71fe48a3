package io.bridgetower.processor.image.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/** Builds TIFF files of one strip, entry by entry. */
public final class TiffFixture {
    private static final int HEADER = 8;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    private record Entry(int type, int[] values) {}

    private final ByteOrder order;
    private final byte[] strip;
    private final Map<Integer, Entry> entries = new TreeMap<>();

    public TiffFixture(ByteOrder order, int width, int height, int photometric, int[] bits, int... samples) {
        this.order = order;
        this.strip = strip(bits[0], samples);
        shorts(258, bits).shorts(259, 1).shorts(262, photometric).shorts(277, bits.length);
        longs(256, width)
                .longs(257, height)
                .longs(273, HEADER)
                .longs(278, height)
                .longs(279, strip.length);
    }

    public TiffFixture shorts(int tag, int... values) {
        entries.put(tag, new Entry(SHORT, values));
        return this;
    }

    private TiffFixture longs(int tag, int... values) {
        entries.put(tag, new Entry(LONG, values));
        return this;
    }

    public byte[] bytes() {
        int directory = HEADER + strip.length + strip.length % 2;
        ByteBuffer file = ByteBuffer.allocate(directory + 4096).order(order);
        file.putShort((short) (order == ByteOrder.LITTLE_ENDIAN ? 0x4949 : 0x4d4d));
        file.putShort((short) 42).putInt(directory).put(strip).position(directory);
        file.putShort((short) entries.size());
        int[] outside = {directory + 2 + 12 * entries.size() + 4};
        entries.forEach((tag, entry) -> {
            file.putShort(tag.shortValue()).putShort((short) entry.type()).putInt(entry.values().length);
            int size = entry.type() == SHORT ? Short.BYTES : Integer.BYTES;
            int next = file.position() + Integer.BYTES;
            if (entry.values().length * size > Integer.BYTES) {
                file.putInt(outside[0]).position(outside[0]);
                outside[0] += entry.values().length * size;
            }
            for (int value : entry.values()) {
                if (entry.type() == SHORT) file.putShort((short) value);
                else file.putInt(value);
            }
            file.position(next);
        });
        byte[] bytes = new byte[outside[0]];
        file.get(0, bytes);
        return bytes;
    }

    private byte[] strip(int bits, int[] samples) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int sample : samples) {
            byte[] whole = ByteBuffer.allocate(Integer.BYTES)
                    .order(order)
                    .putInt(sample)
                    .array();
            int size = bits / Byte.SIZE;
            bytes.write(whole, order == ByteOrder.LITTLE_ENDIAN ? 0 : Integer.BYTES - size, size);
        }
        return bytes.toByteArray();
    }
}
