package io.bridgetower.model.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.bridgetower.engine.kernel.BicubicGrid;
import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.tensor.DType;
import io.bridgetower.model.checkpoint.tensor.FileStamp;
import io.bridgetower.model.checkpoint.tensor.TensorInfo;
import io.bridgetower.model.checkpoint.tensor.TensorSource;
import io.bridgetower.model.checkpoint.tensor.Weight;
import io.bridgetower.model.checkpoint.torch.TorchFile;
import io.bridgetower.model.checkpoint.torch.TrainerFields;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A file of the authors' code, with the names of Transformers: position embeddings are resized where images have another size,
 * and the temperature becomes {@code logit_scale}.
 */
final class OriginalFile implements TensorSource {
    static final String LOGIT_SCALE = "logit_scale";

    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    /** Numbers of resized position embeddings at most: a small file does not stand for much memory. */
    private static final int MAX_POSITIONS = 1 << 24;

    /** Where a configuration has a temperature and the weights do not, or neither has one. */
    private static final double USUAL_TEMPERATURE = 0.07;

    /** A tensor that is not in the file as models read it. */
    private record Computed(long[] shape, MemorySegment data) {}

    private final TorchFile file;
    private final Path path;
    private final Arena arena;

    /** From the names of the authors' code to those in the file, which wrappers may have changed. */
    private final Map<String, String> bare;

    /** From the names of Transformers to those in the file; for a computed tensor, to the one that it is computed from. */
    private final TreeMap<String, String> stored = new TreeMap<>();

    private final Map<String, Computed> computed = new TreeMap<>();
    private final SortedSet<String> unused = new TreeSet<>();
    private final int imageSize;

    private OriginalFile(Path path, TorchFile file, Arena arena, int wantedSize) throws IOException {
        this.path = path;
        this.file = file;
        this.arena = arena;
        bare = new TreeMap<>(WeightNames.canonical(path, file.names()));
        if (!OriginalNames.areIn(bare.keySet())) {
            throw new MalformedFileException(
                    path,
                    null,
                    "holds no model of the authors' code: no tensors " + OriginalNames.TEXT + "* and "
                            + OriginalNames.VISUAL + "*");
        }
        for (Map.Entry<String, String> name : bare.entrySet()) rename(name.getKey(), name.getValue());
        imageSize = resizePositions(wantedSize);
        addLogitScale();
    }

    /**
     * Maps a file.
     *
     * @param imageSize side of the images that the model is to take; 0 for that of the hyper-parameters
     */
    static OriginalFile open(Path path, int imageSize) throws IOException {
        TorchFile file = TorchFile.openTrainers(path);
        Arena arena = Arena.ofShared();
        try {
            return new OriginalFile(path, file, arena, imageSize);
        } catch (IOException | RuntimeException e) {
            arena.close();
            file.close();
            throw e;
        }
    }

    /** The shape of a tensor by its name in the authors' code; null if there is none. */
    long[] shape(String name) {
        String key = bare.get(name);
        return key == null ? null : file.info(key).shape();
    }

    /**
     * One dimension of a tensor by its name in the authors' code.
     *
     * @throws MalformedFileException if there is no such tensor or it has another rank
     */
    int dim(String name, int axis, int rank) throws MalformedFileException {
        long[] shape = shape(name);
        if (shape == null) throw new MalformedFileException(path, name, "missing: there is no such tensor");
        if (shape.length != rank || shape[axis] < 1 || shape[axis] > Integer.MAX_VALUE) {
            throw new MalformedFileException(
                    path, name, "expected " + rank + " dimensions of 1 or more, file has " + Arrays.toString(shape));
        }
        return (int) shape[axis];
    }

    /** How many layers a list has: one more than the index up to which there are all. */
    int layers(String prefix, String tensor) {
        int count = 0;
        while (bare.containsKey(prefix + count + tensor)) count++;
        return count;
    }

    boolean has(String name) {
        return bare.containsKey(name);
    }

    /** Side of the images that the model takes. */
    int imageSize() {
        return imageSize;
    }

    HyperParameters hyperParameters() {
        return new HyperParameters(path, trainer().hyperParameters());
    }

    /** What else the file holds. */
    TrainerFields trainer() {
        return file.trainer();
    }

    /** Names of tensors that no model reads. */
    SortedSet<String> unused() {
        return Collections.unmodifiableSortedSet(unused);
    }

    /** The type in which most weights are stored. */
    DType dtype() {
        return file.info(bare.get(OriginalNames.POSITIONS)).dtype();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(stored.keySet());
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public List<FileStamp> stamps() {
        return file.stamps();
    }

    @Override
    public TensorInfo info(String name) {
        Computed tensor = computed.get(name);
        if (tensor != null) return new TensorInfo(path, name, DType.F32, tensor.shape());
        TensorInfo info = file.info(key(name));
        return new TensorInfo(path, name, info.dtype(), info.shape());
    }

    @Override
    public MemorySegment data(String name) {
        Computed tensor = computed.get(name);
        return tensor != null ? tensor.data() : file.data(key(name));
    }

    @Override
    public MemorySegment data(String name, Arena temporary) {
        Computed tensor = computed.get(name);
        return tensor != null ? tensor.data() : file.data(key(name), temporary);
    }

    @Override
    public synchronized void close() {
        file.close();
        if (arena.scope().isAlive()) arena.close();
    }

    private String key(String name) {
        String key = stored.get(name);
        if (key == null) throw new NoSuchElementException(path + ": no tensor " + name);
        return key;
    }

    private void rename(String name, String key) throws MalformedFileException {
        String renamed = OriginalNames.renamed(name);
        if (renamed == null) {
            if (!name.equals(OriginalNames.TEMPERATURE)) unused.add(name);
            return;
        }
        String other = stored.put(renamed, key);
        if (other == null) return;
        throw new MalformedFileException(path, key, "is another name of " + other + ", which is there too");
    }

    /** Makes position embeddings for the size of images, which is returned. */
    private int resizePositions(int wanted) throws MalformedFileException {
        String name = OriginalNames.POSITIONS;
        int patch = dim(OriginalNames.VISUAL + "conv1.weight", 2, 4), rows = dim(name, 0, 2), width = dim(name, 1, 2);
        int side = (int) Math.round(Math.sqrt(rows - 1.0));
        if (side < 1 || (long) side * side + 1 != rows) {
            throw new MalformedFileException(
                    path, name, "expected the class token and a square of patches, file has " + rows + " rows");
        }
        int size = wanted > 0 ? wanted : hyperParameters().integer("image_size").orElse(side * patch);
        if (size < patch || size / patch > OriginalConfig.MAX_PATCHES || size % patch != 0) {
            String expected =
                    "a multiple of the patch size " + patch + ", " + OriginalConfig.MAX_PATCHES + " patches at most";
            if (wanted > 0)
                throw new IllegalArgumentException("image size: expected " + expected + ", found " + wanted);
            throw hyperParameters().malformed("image_size", expected);
        }
        if (size / patch != side) {
            if ((long) (size / patch) * (size / patch) * width > MAX_POSITIONS) {
                throw new MalformedFileException(
                        path, name, "rows of " + width + " numbers are more than any model has for images of " + size);
            }
            float[] resized = resized(file.info(bare.get(name)), side, width, size / patch);
            MemorySegment data = arena.allocate((long) resized.length * Float.BYTES, Long.BYTES);
            MemorySegment.copy(resized, 0, data, F32, 0, resized.length);
            int patches = resized.length / width;
            computed.put(OriginalNames.renamed(name), new Computed(new long[] {patches, width}, data.asReadOnly()));
        }
        return size;
    }

    /** The class token's row as it is, then the patches' on another grid. */
    private float[] resized(TensorInfo info, int side, int width, int toSide) throws MalformedFileException {
        float[] table = weight(info).toArray();
        float[] patches =
                BicubicGrid.resize(Arrays.copyOfRange(table, width, table.length), side, width, toSide, toSide);
        float[] all = Arrays.copyOf(table, width + patches.length);
        System.arraycopy(patches, 0, all, width, patches.length);
        return all;
    }

    private void addLogitScale() throws MalformedFileException {
        if (!has("itc_text_head.fc.weight")) return;
        String name = OriginalNames.TEMPERATURE;
        double temperature = has(name)
                ? temperature(file.info(bare.get(name)))
                : hyperParameters().number(name).orElse(USUAL_TEMPERATURE);
        if (!(temperature > 0 && temperature <= Float.MAX_VALUE)) {
            throw new MalformedFileException(path, name, "found " + temperature + ", expected a positive number");
        }
        MemorySegment data = arena.allocate(Float.BYTES, Float.BYTES);
        data.set(F32, 0, (float) -Math.log(temperature));
        stored.put(LOGIT_SCALE, name);
        computed.put(LOGIT_SCALE, new Computed(new long[0], data.asReadOnly()));
    }

    private double temperature(TensorInfo info) throws MalformedFileException {
        if (info.elements() != 1) {
            throw new MalformedFileException(
                    path, info.name(), "expected one number, file has " + Arrays.toString(info.shape()));
        }
        return weight(info).item();
    }

    private Weight weight(TensorInfo info) throws MalformedFileException {
        if (!info.dtype().isWeight()) {
            throw new MalformedFileException(path, info.name(), "expected numbers, file has " + info.dtype());
        }
        int[] shape = Arrays.stream(info.shape()).mapToInt(Math::toIntExact).toArray();
        return new Weight(info.name(), info.dtype(), shape, file.data(info.name()));
    }
}
