package io.bridgetower.cli.progress;

import io.bridgetower.cli.terminal.Printable;
import io.bridgetower.hub.Progress;
import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;

/** Shows how far a download has come: a bar on a terminal, a line for each file elsewhere. */
public final class DownloadBar implements Progress {
    private static final int STEPS = 200;
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    private final PrintStream out;
    private final boolean terminal;
    private String file;
    private long step;

    DownloadBar(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** A bar if a person is looking on. */
    public static DownloadBar of(PrintStream out) {
        Console console = System.console();
        return new DownloadBar(out, out == System.err && console != null && console.isTerminal());
    }

    @Override
    public void at(String name, long received, long total) {
        boolean begins = !name.equals(file);
        file = name;
        if (!terminal) {
            if (begins) out.print("downloading " + Printable.of(name) + (total < 0 ? "" : ", " + size(total)) + "\n");
            return;
        }
        long now = total <= 0 ? received >> 20 : received * STEPS / total;
        boolean ends = received == total;
        if (now == step && !begins && !ends) return;
        step = now;
        out.print("\r" + Bar.of(received, total) + " " + size(received) + (total < 0 ? "" : " of " + size(total)) + "  "
                + Printable.of(name) + "\u001b[K" + (ends ? "\n" : ""));
        out.flush();
        if (ends) file = null;
    }

    private static String size(long bytes) {
        double shown = bytes;
        int unit = 0;
        while (shown >= 999.5 && unit < UNITS.length - 1) {
            shown /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || shown >= 99.95 ? "%.0f %s" : "%.1f %s", shown, UNITS[unit]);
    }
}
