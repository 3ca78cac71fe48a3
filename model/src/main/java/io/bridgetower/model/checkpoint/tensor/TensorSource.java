package io.bridgetower.model.checkpoint.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** Named tensors in one or more files, whatever their format. */
public interface TensorSource extends AutoCloseable {
    /** The names of the tensors. Unmodifiable. */
    Set<String> names();

    /** The free text that the files carry; empty if there is none. Unmodifiable. */
    Map<String, String> metadata();

    /** Every file that this reads, an index included, as it was when it was opened. */
    List<FileStamp> stamps();

    /**
     * What the file says about a tensor.
     *
     * @throws NoSuchElementException if there is no such tensor
     */
    TensorInfo info(String name);

    /**
     * The bytes of a tensor, little-endian, row-major and without gaps, valid until this source is closed.
     *
     * @throws NoSuchElementException if there is no such tensor
     */
    MemorySegment data(String name);

    /**
     * As {@link #data(String)}, for a reader that needs one tensor after the other: what has to be copied is copied to
     * {@code arena} and dies with that.
     */
    default MemorySegment data(String name, Arena arena) {
        return data(name);
    }

    @Override
    void close();
}
