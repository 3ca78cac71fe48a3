package io.bridgetower.cli.progress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * How fast something is done now. Items are done in groups: many at once, then none for a while. So it is measured from the
 * end of one group to the end of another, and the first group counts for nothing, as it waits for the first images and for
 * the compiler. The speed is that of the second half of the time, or of the last half minute, and is not known while it
 * rises: code that is not compiled yet runs at a hundredth of the later speed.
 */
final class Speed {
    /** What is done without a pause as long as this is a group. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Before, little is compiled. */
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** From one half of the measured time to the other, a speed that rises more is not steady. */
    private static final double STEADY = 1.5;

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Between two ends of groups that are kept, so that they are few. */
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** The end of a group. */
    private record Mark(long nanos, long done) {}

    private final long startNanos;
    private final long startDone;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private Mark last;

    /** When the last group began to be told. */
    private long groupNanos;

    Speed(long nanos, long done) {
        startNanos = nanos;
        startDone = done;
        last = new Mark(nanos, done);
        groupNanos = nanos;
    }

    /** Tells that so many are done. */
    void at(long nanos, long done) {
        boolean groupEnded = nanos - last.nanos >= PAUSE_NANOS;
        boolean hasNoGroups = nanos - groupNanos >= STEP_NANOS;
        if ((groupEnded || hasNoGroups) && last.done > startDone) mark();
        if (groupEnded) groupNanos = nanos;
        last = new Mark(nanos, done);
    }

    /** Items in a second; 0 while nothing can be said. */
    double perSecond() {
        if (marks.size() < 3 || marks.getLast().nanos - startNanos < START_NANOS) return 0;
        Mark first = marks.getFirst(), end = marks.getLast(), middle = middle();
        return perSecond(middle, end) > STEADY * perSecond(first, middle) ? 0 : perSecond(first, end);
    }

    private static double perSecond(Mark from, Mark to) {
        return (to.done - from.done) * 1e9 / (to.nanos - from.nanos);
    }

    /** A mark that is neither the first nor the last, and near the middle. */
    private Mark middle() {
        long nanos = (marks.getFirst().nanos + marks.getLast().nanos) / 2;
        Mark middle = second();
        for (Mark mark : marks) {
            if (mark.nanos <= nanos && mark.nanos > middle.nanos) middle = mark;
        }
        return middle;
    }

    private void mark() {
        if (!marks.isEmpty() && last.nanos - marks.getLast().nanos < STEP_NANOS) return;
        marks.add(last);
        while (marks.size() > 1 && second().nanos <= from()) marks.remove();
    }

    /** When the time begins that counts. */
    private long from() {
        long end = marks.getLast().nanos;
        return end - Math.min((end - startNanos) / 2, LONGEST_NANOS);
    }

    private Mark second() {
        Iterator<Mark> all = marks.iterator();
        all.next();
        return all.next();
    }
}
