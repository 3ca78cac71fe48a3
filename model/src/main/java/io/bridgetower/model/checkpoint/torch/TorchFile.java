package io.bridgetower.model.checkpoint.torch;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.tensor.FileStamp;
import io.bridgetower.model.checkpoint.tensor.MappedFile;
import io.bridgetower.model.checkpoint.tensor.TensorInfo;
import io.bridgetower.model.checkpoint.tensor.TensorSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The state dict in a file of {@code torch.save} (the zip form, torch 1.6 and later), mapped into memory. The pickle in
 * it is read by {@link PickleReader}, which runs nothing. Tensors stay where they are in the file, but for views whose
 * elements do not lie in row-major order: those are copied off-heap when they are first asked for.
 */
public final class TorchFile implements TensorSource {
    private static final String PICKLE = "data.pkl";

    /** The fields under which trainers keep the state dict. */
    private static final List<String> STATE_DICTS = List.of("state_dict", "model_state_dict", "model", "module");

    /** Tensors may share storages and repeat elements, but a small file does not stand for a large model. */
    private static final int MAX_SHARING = 16;

    /** First bytes of the pickles that torch wrote before the zip form. */
    private static final int OLD_FORM = 0x80;

    private final MappedFile file;
    private final Map<String, TorchTensor> tensors;
    private final Map<String, MemorySegment> gathered = new ConcurrentHashMap<>();

    /** Null for the file of a state dict. */
    private final TrainerFields trainer;

    private TorchFile(MappedFile file, Map<String, TorchTensor> tensors, TrainerFields trainer) {
        this.file = file;
        this.tensors = tensors;
        this.trainer = trainer;
    }

    /** Tensors, and what else a file holds; null if that was refused. */
    private record Content(Map<String, TorchTensor> tensors, TrainerFields trainer) {}

    /**
     * Maps a file and reads its state dict.
     *
     * @throws MalformedFileException if it is not a state dict, or asks for anything that none needs
     * @throws IOException if the file cannot be read
     */
    public static TorchFile open(Path path) throws IOException {
        return open(path, null);
    }

    /**
     * Maps the file of a trainer, such as PyTorch Lightning, and reads the state dict in it. Objects of classes that no state
     * dict needs are passed over: {@link #trainer} names them, and nothing of them is run.
     *
     * @throws MalformedFileException if it holds no state dict
     * @throws IOException if the file cannot be read
     */
    public static TorchFile openTrainers(Path path) throws IOException {
        return open(path, new TreeSet<>());
    }

    private static TorchFile open(Path path, SortedSet<String> passedOver) throws IOException {
        MappedFile file = MappedFile.open(path);
        try {
            Content content = read(path, file.bytes(), passedOver);
            return new TorchFile(file, content.tensors(), content.trainer());
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    /** What the file of a trainer holds beyond the state dict; null if the file was opened as that of a state dict. */
    public TrainerFields trainer() {
        return trainer;
    }

    @Override
    public List<FileStamp> stamps() {
        return List.of(file.stamp());
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public TensorInfo info(String name) {
        TorchTensor tensor = tensor(name);
        return new TensorInfo(file.path(), name, tensor.storage().dtype(), tensor.shape());
    }

    @Override
    public MemorySegment data(String name) {
        TorchTensor tensor = tensor(name);
        if (tensor.isContiguous()) return tensor.slice();
        return gathered.computeIfAbsent(name, n -> gather(tensor, file.arena()));
    }

    @Override
    public MemorySegment data(String name, Arena arena) {
        TorchTensor tensor = tensor(name);
        return tensor.isContiguous() ? tensor.slice() : gather(tensor, arena);
    }

    @Override
    public void close() {
        file.close();
    }

    private static MemorySegment gather(TorchTensor tensor, Arena arena) {
        MemorySegment copy = arena.allocate(tensor.bytes(), Long.BYTES);
        tensor.copyTo(copy);
        return copy.asReadOnly();
    }

    private TorchTensor tensor(String name) {
        TorchTensor tensor = tensors.get(name);
        if (tensor == null) throw new NoSuchElementException(file.path() + ": no tensor " + name);
        return tensor;
    }

    private static Content read(Path path, MemorySegment bytes, SortedSet<String> passedOver)
            throws MalformedFileException {
        if (bytes.byteSize() > 0 && (bytes.get(ValueLayout.JAVA_BYTE, 0) & 0xFF) == OLD_FORM) {
            throw new MalformedFileException(
                    path,
                    null,
                    "is a pickle, as torch wrote before version 1.6: where you trust the file, load it there and save"
                            + " its state dict again, or as safetensors");
        }
        Map<String, MemorySegment> entries = new ZipDirectory(path, bytes).entries();
        String pickle = pickle(path, entries.keySet());
        String root = pickle.substring(0, pickle.length() - PICKLE.length());
        checkByteOrder(path, entries.get(root + "byteorder"));
        Object value =
                new PickleReader(path, PICKLE, entries.get(pickle), new TorchObjects(entries, root, passedOver)).read();
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        stateDict(value).forEach((name, item) -> {
            if (name instanceof String text && item instanceof TorchTensor tensor) tensors.put(text, tensor);
        });
        if (tensors.isEmpty()) {
            throw new MalformedFileException(
                    path,
                    PICKLE,
                    "holds no dictionary of tensors, nor one under any of " + String.join(", ", STATE_DICTS));
        }
        checkSharing(path, tensors, bytes.byteSize());
        return new Content(tensors, passedOver == null ? null : TrainerFields.of(value, passedOver));
    }

    /** The dictionary that holds the tensors: {@code value}, or one in it. */
    private static Map<?, ?> stateDict(Object value) {
        Map<?, ?> map = TrainerFields.dictionary(value);
        for (String field : STATE_DICTS) {
            Map<?, ?> inner = TrainerFields.dictionary(map.get(field));
            if (holdsTensors(inner)) return inner;
        }
        return map;
    }

    private static boolean holdsTensors(Map<?, ?> map) {
        return map.values().stream().anyMatch(TorchTensor.class::isInstance);
    }

    private static void checkSharing(Path path, Map<String, TorchTensor> tensors, long fileBytes)
            throws MalformedFileException {
        long left = Math.multiplyExact(fileBytes, MAX_SHARING);
        for (Map.Entry<String, TorchTensor> tensor : tensors.entrySet()) {
            left -= tensor.getValue().bytes();
            if (left >= 0) continue;
            throw new MalformedFileException(
                    path,
                    tensor.getKey(),
                    "tensors that share or repeat their elements come to more than " + MAX_SHARING
                            + " times the file's " + fileBytes + " bytes");
        }
    }

    private static String pickle(Path path, Set<String> names) throws MalformedFileException {
        List<String> found = names.stream()
                .filter(name -> name.endsWith("/" + PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
                .toList();
        if (found.size() == 1) return found.getFirst();
        throw new MalformedFileException(path, PICKLE, "found " + found.size() + " in the archive, expected 1");
    }

    private static void checkByteOrder(Path path, MemorySegment order) throws MalformedFileException {
        if (order == null) return;
        byte[] little = "little".getBytes(StandardCharsets.US_ASCII);
        if (order.mismatch(MemorySegment.ofArray(little)) != -1) {
            throw new MalformedFileException(path, "byteorder", "expected little");
        }
    }
}
