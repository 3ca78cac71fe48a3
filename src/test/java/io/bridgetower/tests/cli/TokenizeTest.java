package io.bridgetower.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bridgetower tokenize}. */
class TokenizeTest {
    @TempDir
    private Path directory;

    @Test
    void printsALineForEachText() {
        assertEquals("""
            0:<s> 68:a 336:Ġblack 300:Ġsquare 2:</s>
            0:<s> 2:</s>
            0:<s> 68:a 2:</s>
            """, run("a black square\r\n\na", "--model", Run.DEMO).succeeds());
    }

    @Test
    void printsJsonForMachines() throws IOException {
        List<String> lines = run("a black square\n日\n", "--json", "--model", Run.DEMO)
                .succeeds()
                .lines()
                .toList();
        assertEquals(
                "{\"ids\":[0,68,336,300,2],\"tokens\":[\"<s>\",\"a\",\"Ġblack\",\"Ġsquare\",\"</s>\"]}", lines.get(0));
        assertEquals(
                List.of("<s>", "æ", "Ĺ", "¥", "</s>"), Json.object(lines.get(1)).get("tokens"));
        assertEquals(2, lines.size());
    }

    @Test
    void needsTheFilesOfTheTokenizerAlone() throws IOException {
        String expected = run("a black square", "--model", Run.DEMO).succeeds();
        for (String[] files : new String[][] {{"tokenizer.json"}, {"vocab.json", "merges.txt"}}) {
            Path model = ModelCopy.in(directory, files).directory();
            assertEquals(expected, run("a black square", "--model", model).succeeds());
        }
        Path model = ModelCopy.in(directory, "config.json").directory();
        run("", "--model", model).fails(model, "tokenizer.json", "vocab.json");
    }

    @Test
    void printsNothingForNothing() {
        assertEquals("", run("", "--model", Run.DEMO).succeeds());
        assertEquals("", run("", "--json", "--model", Run.DEMO).succeeds());
    }

    @Test
    void namesTheLineThatIsNotUtf8() {
        byte[] text = "a\nb\n\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        Run run = Run.of(text, "tokenize", "--model", Run.DEMO);
        assertEquals(1, run.code());
        assertEquals(2, run.out().lines().count());
        assertEquals("bridgetower: standard input, line 3: not valid UTF-8\n", run.err());
    }

    @Test
    void answersEachLineBeforeItReadsTheNext() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InputStream conversation = new InputStream() {
            private static final int LINES = 3;
            private int asked;

            @Override
            public int read() {
                throw new AssertionError("expected to be read in blocks");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                assertEquals(asked, out.toString(StandardCharsets.UTF_8).lines().count());
                if (asked == LINES) return -1;
                asked++;
                bytes[offset] = 'a';
                bytes[offset + 1] = '\n';
                return 2;
            }
        };
        assertEquals(0, Main.run(conversation, out, out, "tokenize", "--model", Run.DEMO.toString()));
    }

    @Test
    void stopsQuietlyWhenNobodyReads() {
        Run closed = into(new FailingStream("Broken pipe"));
        assertEquals(new Run(1, "", ""), closed);
    }

    @Test
    void saysThatItCannotWrite() {
        into(new FailingStream("No space left on device")).fails("standard output: No space left on device");
    }

    private static Run run(String in, Object... args) {
        Object[] all = new Object[args.length + 1];
        all[0] = "tokenize";
        System.arraycopy(args, 0, all, 1, args.length);
        return Run.of(in.getBytes(StandardCharsets.UTF_8), all);
    }

    /** Tokenizes endless input. */
    private static Run into(OutputStream out) {
        InputStream endless = new InputStream() {
            private long read;

            @Override
            public int read() {
                assertTrue(read < 1 << 24, "still reading");
                return read++ % 2 == 0 ? 'a' : '\n';
            }

            @Override
            public int available() {
                return 1;
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(endless, out, err, "tokenize", "--model", Run.DEMO.toString());
        return new Run(code, "", err.toString(StandardCharsets.UTF_8));
    }

    /** Standard output that cannot be written to. */
    private static final class FailingStream extends OutputStream {
        private final String reason;

        FailingStream(String reason) {
            this.reason = reason;
        }

        @Override
        public void write(int b) throws IOException {
            throw new IOException(reason);
        }
    }
}
