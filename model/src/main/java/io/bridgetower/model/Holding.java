package io.bridgetower.model;

/**
 * A block of memory that one encoding holds. It is given back when the encoding is closed and no computation reads it
 * any more, whichever comes last. Safe for use by several threads.
 */
final class Holding implements Runnable {
    private final EncodingMemory memory;
    private final EncodingMemory.Block block;
    private int readers;
    private boolean closed;

    Holding(EncodingMemory memory, EncodingMemory.Block block) {
        this.memory = memory;
        this.block = block;
    }

    long byteSize() {
        return block.byteSize();
    }

    /**
     * Keeps the memory until {@link #endReading}.
     *
     * @throws IllegalStateException if the encoding is closed
     */
    synchronized void beginReading() {
        if (closed) throw new IllegalStateException("the encoding is closed");
        readers++;
    }

    void endReading() {
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
