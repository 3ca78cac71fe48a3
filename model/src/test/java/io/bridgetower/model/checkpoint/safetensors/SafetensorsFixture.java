package io.bridgetower.model.checkpoint.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files made by hand, right or wrong. */
public final class SafetensorsFixture {
    private SafetensorsFixture() {}

    public static Path write(Path path, String header, int dataBytes) throws IOException {
        return write(path, header, new byte[dataBytes]);
    }

    public static Path write(Path path, String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return Files.write(path, bytes(json.length, json, data));
    }

    static byte[] bytes(long length, byte[] json, byte[] data) {
        return ByteBuffer.allocate(Long.BYTES + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(json)
                .put(data)
                .array();
    }
}
