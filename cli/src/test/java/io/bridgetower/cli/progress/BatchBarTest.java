package io.bridgetower.cli.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
        for (int i = 1; i <= 10; i++) {
            now += SECOND / 10;
            bar.at(i, 0, 3000);
        }
        bytes.reset();
        for (int i = 1; i <= 3; i++) {
            now += SECOND * 3;
            bar.at(10 + 330 * i, 2, 3000);
        }
        now += SECOND * 10;
        bar.at(2000, 2, 3000);
        now += SECOND * 10;
        bar.at(3000, 2, 3000);
        assertEquals(
                "\r"
                    + "[###...........................] 340 of 3000 pairs, 2 failed\u001b[K\r"
                    + "[######........................] 670 of 3000 pairs, 2 failed\u001b[K\r"
                    + "[##########....................] 1000 of 3000 pairs, 2 failed, 108 pairs/s, 18 s left\u001b[K\r"
                    + "[####################..........] 2000 of 3000 pairs, 2 failed, 110 pairs/s, 9 s left\u001b[K\r"
                    + "[##############################] 3000 of 3000 pairs, 2 failed, 100 pairs/s\u001b[K\n",
                bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void elsewhereThereIsALineNowAndThenAndWhatWasDoneBeforeIsNoSpeed() {
        BatchBar bar = new BatchBar("pairs", out, false, () -> now);
        bar.at(500, 0, 60_000);
        for (int i = 1; i <= 66; i++) {
            now += SECOND;
            bar.at(500 + 5 * i, 0, 60_000);
        }
        assertEquals("""
            510 of 60000 pairs
            520 of 60000 pairs
            540 of 60000 pairs, 5.00 pairs/s
            580 of 60000 pairs, 5.00 pairs/s
            630 of 60000 pairs, 5.00 pairs/s
            680 of 60000 pairs, 5.00 pairs/s
            730 of 60000 pairs, 5.00 pairs/s
            780 of 60000 pairs, 5.00 pairs/s
            830 of 60000 pairs, 5.00 pairs/s, 3 h 17 min left
            """, bytes.toString(StandardCharsets.UTF_8));
    }

    /** 64 pairs come together every 3 s: after the first of them, there are 64 times as many as are told. */
    @Test
    void pairsThatComeTogetherCountTogether() {
        BatchBar bar = new BatchBar("pairs", out, false, () -> now);
        bar.at(0, 0, 6400);
        for (int i = 1; i <= 7 * 64; i++) {
            if (i % 64 == 1) now += 3 * SECOND;
            bar.at(i, 0, 6400);
        }
        assertEquals(
                "1 of 6400 pairs\n" + "65 of 6400 pairs\n" + "193 of 6400 pairs, 21 pairs/s, 4 min 50 s left\n",
                bytes.toString(StandardCharsets.UTF_8));
    }

    /** The first 4 s run at a fiftieth of the later speed. */
    @Test
    void theTimeBeforeTheCompilerIsDoneIsSoonForgotten() {
        BatchBar bar = new BatchBar("pairs", out, false, () -> now);
        long done = 0;
        bar.at(done, 0, 10_000);
        for (int tenth = 1; tenth <= 80; tenth++) {
            now += SECOND / 10;
            done += tenth <= 40 ? tenth % 2 : 25;
            bar.at(done, 0, 10_000);
        }
        String[] lines = bytes.toString(StandardCharsets.UTF_8).split("\n");
        assertEquals(
                List.of("10 of 10000 pairs", "20 of 10000 pairs"),
                List.of(lines).subList(0, 2));
        assertEquals("1020 of 10000 pairs, 244 pairs/s, 36 s left", lines[2]);
    }

    @Test
    void whatComesWithoutAPauseHasASpeedToo() {
        BatchBar bar = new BatchBar("pairs", out, false, () -> now);
        bar.at(0, 0, 1_000_000);
        for (int i = 1; i <= 8000; i++) {
            now += SECOND / 1000;
            bar.at(10L * i, 0, 1_000_000);
        }
        assertEquals(
                "20000 of 1000000 pairs\n40000 of 1000000 pairs\n"
                        + "80000 of 1000000 pairs, 10000 pairs/s, 1 min 32 s left\n",
                bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aJobThatHasEndedBeforeSaysSo() {
        new BatchBar("pairs", out, false, () -> now).at(10, 1, 10);
        assertEquals("10 of 10 pairs, 1 failed\n", bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aTerminalIsClearedForALine() {
        new BatchBar("images", out, true, () -> now).clear();
        new BatchBar("images", out, false, () -> now).clear();
        assertEquals("\r\u001b[K", bytes.toString(StandardCharsets.UTF_8));
    }
}
