package io.bridgetower.cli.progress;

import io.bridgetower.jobs.JobProgress;
import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shows how much of something has been done: a bar on a terminal, a line now and then elsewhere. */
public final class BatchBar implements JobProgress {
    private static final long BAR_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Lines come after 2, 4, 8 and 16 seconds, then every 10. */
    private static final long FIRST_LINE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** The time left is told after a hundredth of the work or a minute: code may not be compiled before. */
    private static final int ESTIMATE_PARTS = 100;

    private static final long ESTIMATE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String unit;
    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private Speed speed;
    private long startNanos;
    private long startDone;
    private long shownAt;

    /** @param unit what is counted: {@code pairs} */
    BatchBar(String unit, PrintStream out, boolean terminal, LongSupplier nanoTime) {
        this.unit = unit;
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
    }

    /** A bar if a person is looking on. */
    public static BatchBar of(String unit, PrintStream out) {
        Console console = System.console();
        boolean terminal = out == System.err && console != null && console.isTerminal();
        return new BatchBar(unit, out, terminal, System::nanoTime);
    }

    @Override
    public void at(long done, long failed, long total) {
        long now = nanoTime.getAsLong();
        if (speed == null) {
            speed = new Speed(now, done);
            startNanos = now;
            startDone = done;
            shownAt = now;
        }
        speed.at(now, done);
        boolean ends = done == total;
        if (!ends && now - shownAt < interval()) return;
        shownAt = now;
        String text = text(done, failed, total, now);
        if (!terminal) out.print(text + "\n");
        else out.print("\r" + Bar.of(done, total) + " " + text + "\u001b[K" + (ends ? "\n" : ""));
        out.flush();
    }

    /** Whether anything has been told: the work has begun. */
    public boolean hasBegun() {
        return speed != null;
    }

    /** Takes the bar away, so that a line can be written; it comes back. */
    public void clear() {
        if (!terminal) return;
        out.print("\r\u001b[K");
        out.flush();
    }

    private long interval() {
        return terminal ? BAR_NANOS : Math.clamp(shownAt - startNanos, FIRST_LINE_NANOS, LINE_NANOS);
    }

    private String text(long done, long failed, long total, long now) {
        StringBuilder text = new StringBuilder(done + " of " + total + " " + unit);
        if (failed > 0) text.append(", ").append(failed).append(" failed");
        boolean ends = done == total;
        double rate = ends ? (done - startDone) * 1e9 / Math.max(1, now - startNanos) : speed.perSecond();
        if (rate <= 0) return text.toString();
        text.append(String.format(Locale.ROOT, rate < 10 ? ", %.2f " : ", %.0f ", rate))
                .append(unit)
                .append("/s");
        boolean early = now - startNanos < ESTIMATE_NANOS && done - startDone < (total - startDone) / ESTIMATE_PARTS;
        return ends || early ? text.toString() : text + ", " + time((long) ((total - done) / rate)) + " left";
    }

    private static String time(long seconds) {
        if (seconds >= 3600) return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
        return seconds >= 60 ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60) : seconds + " s";
    }
}
