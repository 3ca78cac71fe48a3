package io.bridgetower.model.runtime;

/**
 * A block of memory that one encoding holds. It is given back when the encoding is closed and no computation reads it
 * any more, whichever comes last. Safe for use by several threads.
 */
public final class Holding implements Runnable {
    private final EncodingMemory memory;
    private final EncodingMemory.Block block;
    private int readers;
    private boolean closed;

    public Holding(EncodingMemory memory, EncodingMemory.Block block) {
        this.memory = memory;
        this.block = block;
    }

    public long byteSize() {
        return block.byteSize();
    }

    /**
     * Keeps the memory until {@link #endReading}.
     *
     * @throws IllegalStateException if the encoding is closed
     */
    public synchronized void beginReading() {
        if (closed) throw new IllegalStateException("the encoding is closed");
        readers++;
    }

    public void endReading() {
        boolean last;
        synchronized (this) {
            readers--;
            last = closed && readers == 0;
        }
        if (last) memory.giveBack(block);
    }

    /** Closes; again does nothing. */
    @Override
    public void run() {
        boolean last;
        synchronized (this) {
            last = !closed && readers == 0;
            closed = true;
        }
        if (last) memory.giveBack(block);
    }
}
