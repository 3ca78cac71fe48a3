package io.bridgetower.model.checkpoint.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Pickles assembled opcode by opcode, as Python writes them in protocol 2. */
public final class PickleFixture {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public PickleFixture() {
        op(0x80, 2);
    }

    /** A storage of 0, 1, 2 … */
    public static byte[] floats(int count) {
        ByteBuffer buffer = littleEndian(Float.BYTES * count);
        for (int i = 0; i < count; i++) buffer.putFloat(i);
        return buffer.array();
    }

    public PickleFixture op(int... bytes) {
        for (int b : bytes) out.write(b);
        return this;
    }

    public PickleFixture op(char opcode) {
        return op((int) opcode);
    }

    public PickleFixture global(String module, String name) {
        op('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public PickleFixture text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        op('X');
        out.writeBytes(littleEndian(4).putInt(utf8.length).array());
        out.writeBytes(utf8);
        return this;
    }

    PickleFixture integer(long value) {
        if (value == (int) value) {
            op('J');
            out.writeBytes(littleEndian(4).putInt((int) value).array());
        } else {
            op(0x8a, 8);
            out.writeBytes(littleEndian(8).putLong(value).array());
        }
        return this;
    }

    PickleFixture tuple(long... values) {
        op('(');
        for (long value : values) integer(value);
        return op('t');
    }

    PickleFixture storage(String type, String key, long elements) {
        return op('(').text("storage")
                .global("torch", type)
                .text(key)
                .text("cpu")
                .integer(elements)
                .op('t')
                .op('Q');
    }

    /** The reduce of a tensor: its storage must be what {@code storage} puts on the stack. */
    public PickleFixture tensor(String type, String key, long elements, long offset, long[] shape, long[] strides) {
        global("torch._utils", "_rebuild_tensor_v2")
                .op('(')
                .storage(type, key, elements)
                .integer(offset);
        tuple(shape)
                .tuple(strides)
                .op(0x89)
                .global("collections", "OrderedDict")
                .op(')')
                .op('R');
        return op('t').op('R');
    }

    public byte[] bytes() {
        op('.');
        return out.toByteArray();
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
