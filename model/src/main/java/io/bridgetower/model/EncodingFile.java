package io.bridgetower.model;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.bridgetower.engine.Tensor;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.batch.BridgedStates;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsFile;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.checkpoint.safetensors.TensorEntry;
import io.bridgetower.model.checkpoint.safetensors.TensorReader;
import io.bridgetower.model.checkpoint.tensor.DType;
import io.bridgetower.model.inputs.EncodingPrecision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;

/** Encodings as safetensors files. */
final class EncodingFile {
    private static final String ENCODING = "bridgetower.encoding";
    private static final String MODEL = "bridgetower.model";
    private static final String TOKEN_TYPE = "bridgetower.image_token_type_idx";
    private static final String BRIDGED = "bridged";
    private static final String FIRST = "first";
    private static final String VISIBLE = "visible";
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort F16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    /** Makes an encoding of some shape, to be filled. */
    @FunctionalInterface
    interface Maker<E extends UnimodalEncoding> {
        E make(BridgedStates.Shape shape, int[] visible, int tokenType);
    }

    private final SafetensorsFile file;

    private EncodingFile(SafetensorsFile file) {
        this.file = file;
    }

    static void write(Path path, UnimodalEncoding encoding) throws IOException {
        BridgedStates states = encoding.states();
        BridgedStates.Shape shape = states.shape();
        MemorySegment memory = states.memory();
        long border = shape.elements() * shape.precision().bytes();
        SafetensorsWriter writer =
                new SafetensorsWriter().metadata(ENCODING, encoding.kind()).metadata(MODEL, encoding.model());
        int usual = usualTokenType(encoding.kind());
        if (encoding.tokenType() != usual) writer.metadata(TOKEN_TYPE, Integer.toString(encoding.tokenType()));
        add(
                writer,
                BRIDGED,
                shape.precision(),
                memory.asSlice(0, border),
                shape.matrices(),
                shape.tokens(),
                shape.hidden());
        add(writer, FIRST, shape.precision(), memory.asSlice(border), shape.firstWidth());
        if (states.visible() != null) {
            long[] visible = Arrays.stream(states.visible()).asLongStream().toArray();
            writer.add(VISIBLE, visible, visible.length);
        }
        writer.write(path);
    }

    private static void add(
            SafetensorsWriter writer, String name, EncodingPrecision precision, MemorySegment memory, int... shape) {
        switch (precision) {
            case F32 -> writer.add(name, Tensor.of(memory, shape));
            case F16 -> writer.addHalves(name, memory, shape);
        }
    }

    static <E extends UnimodalEncoding> E read(Path path, String kind, BridgeTowerModel model, Maker<E> maker)
            throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return new EncodingFile(file).read(kind, model, maker);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private <E extends UnimodalEncoding> E read(String kind, BridgeTowerModel model, Maker<E> maker)
            throws IOException {
        expect(ENCODING, kind);
        expect(MODEL, model.fingerprint());
        TensorEntry entry = entry(BRIDGED);
        EncodingPrecision precision = precision(entry);
        int tokens = tokens(entry);
        BridgedStates.Shape shape = kind.equals(TextEncoding.KIND)
                ? model.trunk().textShape(tokens, precision)
                : model.trunk().imageShape(tokens, precision);
        expect(entry, precision, shape.matrices(), shape.tokens(), shape.hidden());
        expect(entry(FIRST), precision, shape.firstWidth());
        E encoding = maker.make(shape, visible(shape.tokens()), tokenType(kind, model));
        MemorySegment memory = encoding.states().memory();
        long border = shape.elements() * precision.bytes();
        copy(precision, file.data(BRIDGED), memory.asSlice(0, border));
        copy(precision, file.data(FIRST), memory.asSlice(border));
        return encoding;
    }

    private static void copy(EncodingPrecision precision, MemorySegment from, MemorySegment to) {
        switch (precision) {
            case F32 ->
                MemorySegment.copy(from, F32.withOrder(LITTLE_ENDIAN), 0, to, F32, 0, to.byteSize() / Float.BYTES);
            case F16 ->
                MemorySegment.copy(from, F16.withOrder(LITTLE_ENDIAN), 0, to, F16, 0, to.byteSize() / Short.BYTES);
        }
    }

    /** The type of texts, or else that of images, which files need not name. */
    private static int usualTokenType(String kind) {
        return kind.equals(TextEncoding.KIND) ? 0 : 1;
    }

    private int tokenType(String kind, BridgeTowerModel model) throws MalformedFileException {
        String type = file.metadata().get(TOKEN_TYPE);
        if (type == null) return usualTokenType(kind);
        int types = model.config().modalityTypeVocabSize();
        for (int i = 0; i < types; i++) if (type.equals(Integer.toString(i))) return i;
        throw malformed(TOKEN_TYPE, "expected 0 to " + (types - 1) + ", found " + type);
    }

    private int[] visible(int tokens) throws IOException {
        if (!file.names().contains(VISIBLE)) return null;
        int[] visible = new TensorReader(file).readIntVector(VISIBLE);
        for (int i = 0; i < visible.length; i++) {
            if (visible[i] < (i == 0 ? 0 : visible[i - 1] + 1) || visible[i] >= tokens) {
                throw malformed(
                        VISIBLE, "expected rising indices of " + tokens + " tokens, found " + Arrays.toString(visible));
            }
        }
        return visible;
    }

    private void expect(String name, String expected) throws MalformedFileException {
        String found = file.metadata().get(name);
        if (expected.equals(found)) return;
        throw malformed(name, "expected " + expected + ", found " + (found == null ? "none" : found));
    }

    private TensorEntry entry(String name) throws MalformedFileException {
        TensorEntry entry = file.entries().get(name);
        if (entry == null) throw malformed(name, "missing: there is no such tensor");
        return entry;
    }

    private EncodingPrecision precision(TensorEntry entry) throws MalformedFileException {
        for (EncodingPrecision precision : EncodingPrecision.values()) {
            if (precision.dtype() == entry.dtype()) return precision;
        }
        throw malformed(entry.name(), "expected F32 or F16, found " + entry.dtype());
    }

    private void expect(TensorEntry entry, EncodingPrecision precision, long... shape) throws MalformedFileException {
        DType dtype = precision.dtype();
        if (entry.dtype() == dtype && Arrays.equals(entry.shape(), shape)) return;
        throw malformed(
                entry.name(),
                "expected " + dtype + Arrays.toString(shape) + ", found " + entry.dtype()
                        + Arrays.toString(entry.shape()));
    }

    private int tokens(TensorEntry entry) throws MalformedFileException {
        long[] shape = entry.shape();
        if (shape.length == 3 && shape[1] >= 1 && shape[1] <= Integer.MAX_VALUE) return (int) shape[1];
        throw malformed(entry.name(), "expected [layers + 1, tokens, hidden], found " + Arrays.toString(shape));
    }

    private MalformedFileException malformed(String field, String problem) {
        return new MalformedFileException(file.path(), field, problem);
    }
}
