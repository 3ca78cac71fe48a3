package io.bridgetower.processor.text.bpe;

import java.util.Arrays;

/**
 * The merges of a byte-pair encoding: which two neighbouring symbols become one, and which of two merges goes first.
 * Merging a word takes the merge of the lowest rank, the leftmost of several, until none is left.
 */
public final class Merges {
    /** Up to here a quadratic search in a few cache lines beats the heap. */
    private static final int SHORT_WORD = 64;

    private final LongTable table;
    /** The pairs as they were added. */
    private long[] pairs;

    private int size;

    /** No merges yet; {@code expected} of them to come. */
    public Merges(int expected) {
        table = new LongTable(expected);
        pairs = new long[expected];
    }

    /** Adds or replaces a merge. Not thread-safe, and only before the first {@link #apply}. */
    public void add(int left, int right, int rank, int merged) {
        table.put(pair(left, right), (long) rank << 32 | merged);
        if (size == pairs.length) pairs = Arrays.copyOf(pairs, 2 * size + 1);
        pairs[size++] = pair(left, right);
    }

    /** How many merges have been added. */
    public int size() {
        return size;
    }

    /** The left symbol of the merge that was added as number {@code index}. */
    public int left(int index) {
        return (int) (pairs[index] >> 32);
    }

    /** The right symbol of the merge that was added as number {@code index}. */
    public int right(int index) {
        return (int) pairs[index];
    }

    /**
     * Merges a word in place.
     *
     * @param symbols the word's symbols; the merged ones come to stand at the front
     * @param ends where each symbol ends, moved along with them
     * @param count how many symbols the word has
     * @return how many are left
     */
    int apply(int[] symbols, int[] ends, int count) {
        return count <= SHORT_WORD ? applyShort(symbols, ends, count) : applyLong(symbols, ends, count);
    }

    private int applyShort(int[] symbols, int[] ends, int count) {
        if (count < 2) return count;
        long[] merges = new long[count - 1];
        for (int i = 0; i < count - 1; i++) merges[i] = mergeOf(symbols[i], symbols[i + 1]);
        while (count > 1) {
            int best = 0;
            for (int i = 1; i < count - 1; i++) if (merges[i] < merges[best]) best = i;
            if (merges[best] == Long.MAX_VALUE) break;
            symbols[best] = (int) merges[best];
            ends[best] = ends[best + 1];
            int moved = --count - best - 1;
            System.arraycopy(symbols, best + 2, symbols, best + 1, moved);
            System.arraycopy(ends, best + 2, ends, best + 1, moved);
            if (moved > 0) {
                System.arraycopy(merges, best + 2, merges, best + 1, moved - 1);
                merges[best] = mergeOf(symbols[best], symbols[best + 1]);
            }
            if (best > 0) merges[best - 1] = mergeOf(symbols[best - 1], symbols[best]);
        }
        return count;
    }

    /** A linked list of symbols, and a heap of ranks and positions; stale entries are known by their rank. */
    private int applyLong(int[] symbols, int[] ends, int count) {
        int[] next = new int[count];
        int[] previous = new int[count];
        LongHeap heap = new LongHeap(count);
        for (int i = 0; i < count; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
            if (i + 1 < count) push(heap, symbols, i, i + 1);
        }
        while (!heap.isEmpty()) {
            long top = heap.poll();
            int at = (int) top;
            if (symbols[at] < 0 || next[at] == count) continue;
            int gone = next[at];
            long merge = mergeOf(symbols[at], symbols[gone]);
            if (merge == Long.MAX_VALUE || merge >> 32 != top >> 32) continue;
            symbols[at] = (int) merge;
            ends[at] = ends[gone];
            symbols[gone] = -1;
            next[at] = next[gone];
            if (next[at] < count) {
                previous[next[at]] = at;
                push(heap, symbols, at, next[at]);
            }
            if (previous[at] >= 0) push(heap, symbols, previous[at], at);
        }
        int left = 0;
        for (int i = 0; i < count; i = next[i]) {
            symbols[left] = symbols[i];
            ends[left++] = ends[i];
        }
        return left;
    }

    private void push(LongHeap heap, int[] symbols, int left, int right) {
        long merge = mergeOf(symbols[left], symbols[right]);
        if (merge != Long.MAX_VALUE) heap.add(merge >> 32 << 32 | left);
    }

    /** Rank above, merged symbol below; {@link Long#MAX_VALUE} for two symbols that do not merge. */
    private long mergeOf(int left, int right) {
        return table.get(pair(left, right)) & Long.MAX_VALUE;
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }
}
