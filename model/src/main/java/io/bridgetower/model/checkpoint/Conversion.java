package io.bridgetower.model.checkpoint;

import io.bridgetower.files.AtomicFile;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.safetensors.SafetensorsWriter;
import io.bridgetower.model.checkpoint.tensor.DType;
import io.bridgetower.model.checkpoint.tensor.Narrowing;
import io.bridgetower.model.checkpoint.tensor.TensorInfo;
import io.bridgetower.model.checkpoint.tensor.TensorSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes a model directory again, with its weights in one safetensors file: from any form that can be read, as they are
 * or in another type of floats. Weights stream from the mapped file to the new one; what is on the heap does not grow
 * with them.
 */
public final class Conversion {
    /** The types of floats that weights can be converted to. */
    public enum Target {
        /** 32-bit floats. */
        F32(DType.F32, "float32"),
        /** 16-bit IEEE floats. */
        F16(DType.F16, "float16"),
        /** The upper halves of 32-bit floats. */
        BF16(DType.BF16, "bfloat16");

        private final DType dtype;
        private final String configName;

        Target(DType dtype, String configName) {
            this.dtype = dtype;
            this.configName = configName;
        }

        /** As torch calls it. */
        String configName() {
            return configName;
        }

        /** The target that keeps a type; null if there is none. */
        static Target of(DType dtype) {
            for (Target target : values()) if (target.dtype == dtype) return target;
            return null;
        }
    }

    private static final String CONFIG = "config.json";
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path from;
    private final Path to;

    /** Null to leave every tensor as it is. */
    private final Target target;

    /** Null for none. */
    private final String variant;

    private Conversion(Path from, Path to, Target target, String variant) {
        this.from = from;
        this.to = to;
        this.target = target;
        this.variant = variant;
    }

    /** As {@link #run(Path, Path, Target, String)}, from the weights without a variant. */
    public static void run(Path from, Path to, Target target) throws IOException {
        run(from, to, target, null);
    }

    /**
     * Converts a model. Tensors get the names that models ask by; those of integers stay as they are. The JSON files and
     * {@code merges.txt} are copied, config.json with the new type.
     *
     * @param from a directory with a config.json and weights in any form
     * @param to another directory, created if need be; files of the same names are replaced, each when it is whole, the
     *     weights first and config.json last
     * @param target the new type of floats, rounded to the nearest, ties to even; null to keep the old ones
     * @param variant of the weights to read; those that are written have none. Null for none
     * @throws NoSuchFileException if there is no config.json, or no weights
     * @throws MalformedFileException if a file is not valid, or a number does not fit the new type
     * @throws IOException if a file cannot be read or written
     * @throws IllegalArgumentException if both directories are the same
     */
    public static void run(Path from, Path to, Target target, String variant) throws IOException {
        run(from, to, target, variant, () -> {});
    }

    /** What a caller writes to the new directory besides. */
    @FunctionalInterface
    public interface Addition {
        void write() throws IOException;
    }

    /**
     * As {@link #run(Path, Path, Target, String)}.
     *
     * @param addition runs when everything but config.json is there; may replace what has been copied
     */
    public static void run(Path from, Path to, Target target, String variant, Addition addition) throws IOException {
        if (!Files.isRegularFile(from.resolve(CONFIG))) {
            throw new NoSuchFileException(from.toString(), null, "no " + CONFIG + " in this directory");
        }
        Files.createDirectories(to);
        if (Files.isSameFile(from, to)) throw new IllegalArgumentException(to + ": cannot convert a model onto itself");
        new Conversion(from, to, target, variant).run(addition);
    }

    private void run(Addition addition) throws IOException {
        // Before the weights, which take long.
        String config = target == null ? null : ConfigDType.replace(from.resolve(CONFIG), target.configName);
        WeightFiles weights = WeightFiles.in(from, variant);
        try (TensorSource tensors = weights.open();
                Stream<Path> files = Files.list(from)) {
            List<Path> copied = files.filter(Conversion::isCopied).toList();
            writer(weights.path(), tensors, target).write(to.resolve(WeightFiles.Form.SAFETENSORS.fileName()));
            for (Path file : copied) copy(file, to.resolve(file.getFileName().toString()));
        }
        addition.write();
        // Last, for without it nothing takes the directory for a model.
        if (config == null) copy(from.resolve(CONFIG), to.resolve(CONFIG));
        else AtomicFile.write(to.resolve(CONFIG), config);
    }

    /** @param target null to leave every tensor as it is */
    static SafetensorsWriter writer(Path path, TensorSource tensors, Target target) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        tensors.metadata().forEach(writer::metadata);
        writer.metadata("format", "pt");
        for (Map.Entry<String, String> name :
                WeightNames.canonical(path, tensors.names()).entrySet()) {
            TensorInfo info = tensors.info(name.getValue());
            boolean kept = target == null || !info.dtype().isWeight() || info.dtype() == target.dtype;
            DType dtype = kept ? info.dtype() : target.dtype;
            writer.add(name.getKey(), dtype, info.shape(), file -> {
                try (Arena arena = Arena.ofConfined()) {
                    var data = tensors.data(info.name(), arena);
                    if (kept) SafetensorsWriter.writeBytes(file, data);
                    else new Narrowing(dtype).write(info.dtype(), data, file);
                } catch (ArithmeticException e) {
                    throw new MalformedFileException(info.file(), info.name(), e.getMessage(), e);
                }
            });
        }
        return writer;
    }

    private static boolean isCopied(Path file) {
        String name = file.getFileName().toString();
        boolean wanted = name.endsWith(".json") && !WeightFiles.isIndex(name) || name.equals("merges.txt");
        return wanted && !name.equals(CONFIG) && !name.startsWith(".") && Files.isRegularFile(file);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from);
                AtomicFile out = new AtomicFile(to)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            while (in.read(buffer.clear()) >= 0) out.write(buffer.flip());
            out.commit();
        }
    }
}
