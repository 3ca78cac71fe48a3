package io.bridgetower.processor.text.bpe;

import java.util.Arrays;

/** The tokens of one text, without those that frame it. Each stands for the characters from its start to its end. */
public final class TokenRun {
    private int[] ids;
    private int[] starts;
    private int[] ends;
    private int size;

    TokenRun(int capacity) {
        ids = new int[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
    }

    /** How many tokens there are. */
    public int size() {
        return size;
    }

    /** Copies the tokens from {@code from} to {@code to} into three arrays. */
    public void copy(int from, int to, int[] idsOut, int[] startsOut, int[] endsOut, int at) {
        System.arraycopy(ids, from, idsOut, at, to - from);
        System.arraycopy(starts, from, startsOut, at, to - from);
        System.arraycopy(ends, from, endsOut, at, to - from);
    }

    void add(int id, int start, int end) {
        reserve(1);
        ids[size] = id;
        starts[size] = start;
        ends[size++] = end;
    }

    /** Adds the tokens of a word that starts at {@code at}. */
    void add(Word word, int at) {
        int count = word.ids().length;
        reserve(count);
        for (int i = 0; i < count; i++) {
            ids[size] = word.ids()[i];
            starts[size] = at + word.starts()[i];
            ends[size++] = at + word.ends()[i];
        }
    }

    /**
     * Takes back a space that was put before the text at {@code at}, for the tokens from {@code from} on: the space
     * counts as part of the character after it, which is {@code width} chars wide.
     */
    void withoutPrefix(int from, int at, int width) {
        for (int i = from; i < size; i++) {
            starts[i] = starts[i] == at ? at : starts[i] - 1;
            ends[i] = ends[i] == at + 1 ? at + width : ends[i] - 1;
        }
    }

    private void reserve(int more) {
        if (size + more <= ids.length) return;
        int capacity = Math.max(size + more, ids.length + (ids.length >> 1));
        ids = Arrays.copyOf(ids, capacity);
        starts = Arrays.copyOf(starts, capacity);
        ends = Arrays.copyOf(ends, capacity);
    }
}
