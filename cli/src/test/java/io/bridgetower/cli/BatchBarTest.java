package io.bridgetower.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BatchBarTest {
    private static final long SECOND = 1_000_000_000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long now = 17 * SECOND;

    @Test
    void aTerminalShowsABarSpeedAndTimeLeft() {
        BatchBar bar = new BatchBar("pairs", out, true, () -> now);
        bar.at(0, 0, 3000);
        now += SECOND / 10;
        bar.at(1, 0, 3000);
        now += SECOND * 99 / 10;
        bar.at(1000, 2, 3000);
        now += SECOND * 20;
        bar.at(3000, 2, 3000);
        assertEquals(
                "\r[##########....................] 1000 of 3000 pairs, 2 failed, 100 pairs/s, 20 s left\u001b[K"
                        + "\r[##############################] 3000 of 3000 pairs, 2 failed, 100 pairs/s\u001b[K\n",
                bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void elsewhereThereIsALineNowAndThenAndWhatWasDoneBeforeIsNoSpeed() {
        BatchBar bar = new BatchBar("pairs", out, false, () -> now);
        bar.at(500, 0, 60_000);
        for (int i = 1; i <= 11; i++) {
            now += SECOND;
            bar.at(500 + 5 * i, 0, 60_000);
        }
        assertEquals("550 of 60000 pairs, 5.00 pairs/s, 3 h 18 min left\n", bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aJobThatHasEndedBeforeSaysSo() {
        new BatchBar("pairs", out, false, () -> now).at(10, 1, 10);
        assertEquals("10 of 10 pairs, 1 failed\n", bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aTerminalIsClearedForALine() {
        new BatchBar("pictures", out, true, () -> now).clear();
        new BatchBar("pictures", out, false, () -> now).clear();
        assertEquals("\r\u001b[K", bytes.toString(StandardCharsets.UTF_8));
    }
}
