package io.bridgetower.cli.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DownloadBarTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void onATerminalABarGrows() {
        DownloadBar bar = new DownloadBar(out, true);
        for (long received : new long[] {0, 1_500_000, 3_000_000}) bar.at("model.safetensors", received, 3_000_000);
        assertEquals(
                List.of(
                        "",
                        "[..............................] 0 B of 3.0 MB  model.safetensors\u001b[K",
                        "[###############...............] 1.5 MB of 3.0 MB  model.safetensors\u001b[K",
                        "[##############################] 3.0 MB of 3.0 MB  model.safetensors\u001b[K\n"),
                List.of(printed().split("\r")));
    }

    @Test
    void itIsNotDrawnForEveryByte() {
        DownloadBar bar = new DownloadBar(out, true);
        for (long received = 0; received <= 1_000_000; received++) bar.at("a", received, 1_000_000);
        assertTrue(printed().split("\r").length < 210);
    }

    @Test
    void whereTheSizeIsNotKnownThereIsWhatHasCome() {
        new DownloadBar(out, true).at("a", 5L << 30, -1);
        assertTrue(printed().contains("] 5.4 GB  a"), printed());
    }

    @Test
    void elsewhereEveryFileHasALine() {
        DownloadBar bar = new DownloadBar(out, false);
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            for (long received = 0; received <= 999; received += 111) bar.at(file, received, 999);
        }
        assertEquals("downloading config.json, 999 B\ndownloading model.safetensors, 999 B\n", printed());
    }

    @Test
    void namesDoNotMoveTheCursor() {
        new DownloadBar(out, false).at("a\u001b[2J", 0, 1);
        assertFalse(printed().contains("\u001b"), printed());
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
