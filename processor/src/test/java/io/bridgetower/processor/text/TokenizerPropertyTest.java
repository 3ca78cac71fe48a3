package io.bridgetower.processor.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for any text, on random ones. */
class TokenizerPropertyTest {
    private static final int TEXTS = 20_000;

    private final Tokenizer tokenizer = TokenizerFolders.loadDemo();

    @Test
    void agreesWithTheSlowTokenizer() throws IOException {
        SlowTokenizer slow = new SlowTokenizer(TokenizerFolders.demo());
        RandomText texts = new RandomText(1, true);
        for (int i = 0; i < TEXTS; i++) {
            String text = texts.next();
            assertEquals(
                    slow.encode(text),
                    Arrays.stream(tokenizer.encode(text).ids()).boxed().toList(),
                    text);
        }
    }

    @Test
    void decodingGivesTheTextBack() {
        RandomText texts = new RandomText(2, false);
        EncodingOptions bare = EncodingOptions.DEFAULT.specialTokens(false);
        for (int i = 0; i < TEXTS; i++) {
            String text = texts.next().replace("<mask>", "<MASK>");
            assertEquals(text, tokenizer.decode(tokenizer.encode(text, bare).ids(), false));
        }
    }

    @Test
    void offsetsNameTheTextOfTheToken() {
        RandomText texts = new RandomText(3, false);
        int compared = 0;
        for (int i = 0; i < TEXTS; i++) {
            String text = texts.next();
            Encoding encoding = tokenizer.encode(text);
            List<Span> spans = encoding.offsets();
            int[] ids = encoding.ids();
            for (int t = 0; t < ids.length; t++) {
                Span span = spans.get(t);
                String token = tokenizer.decode(new int[] {ids[t]}, false);
                if (span == null || token.contains("\uFFFD")) continue;
                assertEquals(token.startsWith(" ") ? token.substring(1) : token, covered(text, span), text);
                compared++;
            }
        }
        assertTrue(compared > TEXTS, compared + " tokens");
    }

    @Test
    void codePointOffsetsAreTheSamePlaces() {
        RandomText texts = new RandomText(4, true);
        for (int i = 0; i < TEXTS; i++) {
            String text = texts.next();
            Encoding encoding = tokenizer.encode(text);
            List<Span> chars = encoding.offsets();
            List<Span> codePoints = encoding.codePointOffsets();
            int last = 0;
            for (int t = 0; t < chars.size(); t++) {
                Span span = chars.get(t);
                if (span == null) {
                    assertEquals(null, codePoints.get(t));
                    continue;
                }
                assertTrue(span.start() <= span.end() && span.end() <= text.length() && span.end() >= last, text);
                last = span.end();
                assertEquals(
                        text.codePointCount(0, span.start()), codePoints.get(t).start(), text);
                assertEquals(
                        text.codePointCount(0, span.end()), codePoints.get(t).end(), text);
            }
        }
    }

    @Test
    void threadsDoNotDisturbEachOther() throws Exception {
        List<String> texts = new ArrayList<>();
        RandomText random = new RandomText(5, true);
        for (int i = 0; i < 5_000; i++) texts.add(random.next());
        int[][] alone = TokenizerFolders.loadDemo().encodeBatch(texts).inputIds();
        Callable<int[][]> task = () -> tokenizer.encodeBatch(texts).inputIds();
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            for (Future<int[][]> result :
                    pool.invokeAll(IntStream.range(0, 8).mapToObj(i -> task).toList())) {
                assertArrayEquals(alone, result.get());
            }
        }
    }

    private static String covered(String text, Span span) {
        return text.substring(span.start(), span.end());
    }
}
