package io.bridgetower.processor.text;

import java.util.ArrayList;
import java.util.List;

/** Cuts token sequences into windows, the first of which is what truncation leaves of them. */
final class TokenWindows {
    /** The tokens from {@code from} to {@code to} of a sequence. */
    record Window(int from, int to) {}

    private TokenWindows() {}

    /**
     * How many tokens are left of each of two sequences.
     *
     * @param first the length of the first
     * @param second the length of the second, or −1 if there is none
     * @param room how many tokens may be left of both together
     */
    static int[] lengths(int first, int second, int room, Truncation truncation) {
        int other = Math.max(second, 0);
        int excess = first + other - room;
        if (truncation.strategy() == Truncation.Strategy.NONE || excess <= 0) return new int[] {first, other};
        if (room == 0) return new int[] {0, 0};
        return switch (truncation.strategy()) {
            case LONGEST_FIRST -> second < 0 ? new int[] {room, 0} : balanced(first, second, room);
            case ONLY_FIRST -> new int[] {shortened("first", first, excess, truncation), other};
            case ONLY_SECOND -> {
                if (second < 0) throw new IllegalArgumentException("only the second text is to be cut: there is none");
                yield new int[] {first, shortened("second", second, excess, truncation)};
            }
            case NONE -> throw new AssertionError();
        };
    }

    /**
     * The windows of a sequence of {@code length} tokens.
     *
     * @param most how long a window may be
     * @throws IllegalArgumentException if a window would repeat all of the one before it
     */
    static List<Window> cut(int length, int most, boolean all, Truncation truncation) {
        if (most >= length) return List.of(new Window(0, length));
        if (most == 0) return all ? List.of(new Window(0, 0), new Window(0, length)) : List.of(new Window(0, 0));
        int step = most - truncation.stride();
        if (step <= 0) {
            throw new IllegalArgumentException("a stride of " + truncation.stride() + " in windows of " + most
                    + " tokens: expected less than the window, which special tokens make smaller");
        }
        List<Window> windows = new ArrayList<>();
        for (int covered = 0, start = 0; covered < length && (all || start == 0); start += step) {
            covered = Math.min(start + most, length);
            windows.add(
                    truncation.side() == Side.RIGHT
                            ? new Window(start, covered)
                            : new Window(length - covered, length - start));
        }
        return windows;
    }

    /** The shorter sequence stays whole if the longer one, cut no further than to its length, fits beside it. */
    private static int[] balanced(int first, int second, int room) {
        int shorter = Math.min(first, second);
        int longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
        if (shorter + longer > room) {
            shorter = room / 2;
            longer = shorter + room % 2;
        }
        return first > second ? new int[] {longer, shorter} : new int[] {shorter, longer};
    }

    private static int shortened(String which, int length, int excess, Truncation truncation) {
        if (length > excess) return length - excess;
        throw new IllegalArgumentException("the " + which + " text has " + length + " tokens, and " + excess
                + " must go to leave " + truncation.maxLength() + " in all");
    }
}
