package io.bridgetower.model.checkpoint;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.model.checkpoint.tensor.Shapes;
import io.bridgetower.model.checkpoint.tensor.TensorInfo;
import io.bridgetower.model.checkpoint.tensor.TensorSource;
import io.bridgetower.model.checkpoint.tensor.Weight;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tensors of a {@link Checkpoint} whose names start with a prefix. A layer takes one of these, asks for its own
 * tensors by their last names, and hands {@link #sub narrower ones} to its parts. Safe to share between threads.
 */
public final class Weights {
    private final TensorSource source;
    private final TensorDigests digests;
    private final TreeMap<String, String> stored;
    private final Path path;
    private final String prefix;

    /**
     * @param source the tensors; stays the caller's to close
     * @param digests hashes of the tensors
     * @param stored for every name that a model asks by, the name in the source
     * @param path what complaints about a missing tensor name
     */
    Weights(TensorSource source, TensorDigests digests, Map<String, String> stored, Path path) {
        this(source, digests, new TreeMap<>(stored), path, "");
    }

    private Weights(
            TensorSource source, TensorDigests digests, TreeMap<String, String> stored, Path path, String prefix) {
        this.source = source;
        this.digests = digests;
        this.stored = stored;
        this.path = path;
        this.prefix = prefix;
    }

    /** The tensors below {@code name}. There may be none. */
    public Weights sub(String name) {
        return new Weights(source, digests, stored, path, prefix + name + ".");
    }

    /** The tensors of one layer in a list. */
    public Weights sub(int index) {
        return sub(Integer.toString(index));
    }

    /** Whether there is a tensor of this name. */
    public boolean has(String name) {
        return stored.containsKey(fullName(name));
    }

    /** Whether there are no tensors here. */
    public boolean isEmpty() {
        String first = stored.ceilingKey(prefix);
        return first == null || !first.startsWith(prefix);
    }

    /** The names of all tensors here, without the prefix, sorted. */
    public SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        for (String name : stored.tailMap(prefix).keySet()) {
            if (!name.startsWith(prefix)) break;
            names.add(name.substring(prefix.length()));
        }
        return names;
    }

    /** The name with the prefix before it. */
    public String fullName(String name) {
        return prefix + name;
    }

    /**
     * What tells these weights from others. Nothing is read for it before it is needed.
     *
     * @param parts the beginnings of the names of tensors that belong to it; none for all tensors here
     */
    public WeightsIdentity identity(String... parts) {
        return new WeightsIdentity(digests, prefix, parts.length == 0 ? List.of("") : List.of(parts));
    }

    /**
     * What the checkpoint says about a tensor, of any type and shape.
     *
     * @throws MalformedFileException if there is none of this name
     */
    public TensorInfo info(String name) throws MalformedFileException {
        String key = stored.get(fullName(name));
        if (key == null) throw new MalformedFileException(path, fullName(name), "missing: there is no such tensor");
        return source.info(key);
    }

    /**
     * A tensor of numbers with a fraction.
     *
     * @param expectedShape the shape it must have, outermost dimension first; none for a scalar
     * @throws MalformedFileException if there is none of this name, or its shape or type is another
     */
    public Weight get(String name, int... expectedShape) throws MalformedFileException {
        TensorInfo info = info(name);
        String fullName = fullName(name);
        if (!Shapes.matches(info.shape(), expectedShape)) {
            throw new MalformedFileException(
                    info.file(),
                    fullName,
                    "expected " + Arrays.toString(expectedShape) + ", file has " + Arrays.toString(info.shape()));
        }
        if (!info.dtype().isWeight()) {
            throw new MalformedFileException(
                    info.file(), fullName, "expected F32, F16, BF16, F64 or F8, file has " + info.dtype());
        }
        MemorySegment data = source.data(info.name());
        return new Weight(fullName, info.dtype(), expectedShape.clone(), data);
    }
}
