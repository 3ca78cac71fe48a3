package io.bridgetower.tests.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A copy of the demo model that can be spoilt. */
record ModelCopy(Path directory) {
    private static final String WEIGHTS = "model.safetensors";

    /** Copies the demo model into a new directory. */
    static ModelCopy in(Path parent) throws IOException {
        Path directory = Files.createTempDirectory(parent, "model");
        try (Stream<Path> files = Files.list(Run.DEMO)) {
            files.forEach(file -> copy(file, directory));
        }
        return new ModelCopy(directory);
    }

    /** Copies some files of the demo model into a new directory. */
    static ModelCopy in(Path parent, String... names) throws IOException {
        Path directory = Files.createTempDirectory(parent, "model");
        for (String name : names) copy(Run.DEMO.resolve(name), directory);
        return new ModelCopy(directory);
    }

    Path weights() {
        return directory.resolve(WEIGHTS);
    }

    ModelCopy without(String name) throws IOException {
        Files.delete(directory.resolve(name));
        return this;
    }

    ModelCopy with(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
        return this;
    }

    /** Replaces a part of a text file, which must be there. */
    ModelCopy replacing(String name, String part, String by) throws IOException {
        return with(name, replaced(Files.readString(directory.resolve(name)), part, by));
    }

    /** Replaces a part of the header of the weights, which must be there. */
    ModelCopy replacingInHeader(String part, String by) throws IOException {
        byte[] file = Files.readAllBytes(weights());
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(file, Long.BYTES, length, StandardCharsets.UTF_8);
        byte[] spoilt = replaced(header, part, by).getBytes(StandardCharsets.UTF_8);
        int data = Long.BYTES + length;
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES + spoilt.length + file.length - data)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(spoilt.length).put(spoilt).put(file, data, file.length - data);
        Files.write(weights(), out.array());
        return this;
    }

    /** Changes the bytes of the weights. */
    ModelCopy changing(UnaryOperator<byte[]> change) throws IOException {
        Files.write(weights(), change.apply(Files.readAllBytes(weights())));
        return this;
    }

    static byte[] half(byte[] file) {
        return Arrays.copyOf(file, file.length / 2);
    }

    private static String replaced(String text, String part, String by) {
        if (!text.contains(part)) throw new AssertionError("no " + part + " in the file");
        return text.replace(part, by);
    }

    private static void copy(Path file, Path directory) {
        try {
            Files.copy(file, directory.resolve(file.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
