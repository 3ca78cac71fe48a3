package io.bridgetower.processor.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vocabulary of RoBERTa against what Hugging Face's {@code RobertaTokenizerFast} made of the same texts. */
class RobertaParityTest {
    private static Path folder;
    private static List<RobertaCase> cases;

    @BeforeAll
    static void find() throws IOException {
        folder = TokenizerFolders.robertaOrSkip();
        cases = RobertaCase.readAll(folder.resolve("roberta.jsonl"));
    }

    @Test
    void tokenizerJsonAgrees() throws IOException {
        check(Tokenizer.load(folder));
    }

    @Test
    void vocabularyAndMergesAgree(@TempDir Path other) throws IOException {
        for (String name : List.of("vocab.json", "merges.txt")) Files.copy(folder.resolve(name), other.resolve(name));
        check(Tokenizer.load(other));
    }

    @Test
    void slowTokenizerAgrees() throws IOException {
        SlowTokenizer slow = new SlowTokenizer(folder);
        for (RobertaCase example : cases) {
            if (example.pair() == null) assertEquals(example.ids(), slow.encode(example.text()), example.text());
        }
    }

    /** The sentence that the specification's example of filling a gap prints. */
    @Test
    void theFilledSentenceIsPrinted() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(folder);
        int[] argmax = tokenizer.convertTokensToIds(
                List.of(".", "a", "Ġcat", "Ġlooking", "Ġout", "Ġof", "Ġthe", "Ġwindow", "."));
        assertEquals(".a cat looking out of the window.", tokenizer.decode(argmax, false));
    }

    private static void check(Tokenizer tokenizer) {
        for (RobertaCase example : cases) {
            if (example.pair() == null) checkSingle(tokenizer, example);
            else checkPair(tokenizer, example);
        }
    }

    private static void checkSingle(Tokenizer tokenizer, RobertaCase example) {
        Encoding encoding = tokenizer.encode(example.text());
        int[] ids = encoding.ids();
        assertArrayEquals(ints(example.ids()), ids, example.text());
        assertEquals(example.tokens(), encoding.tokens(), example.text());
        assertEquals(example.offsets(), encoding.codePointOffsets(), example.text());
        assertArrayEquals(ints(example.specialTokensMask()), encoding.specialTokensMask(), example.text());
        assertEquals(example.decoded(), tokenizer.decode(ids, false));
        assertEquals(example.decodedSkippingSpecial(), tokenizer.decode(ids, true));
        checkChars(example.text(), encoding);
    }

    private static void checkPair(Tokenizer tokenizer, RobertaCase example) {
        Encoding encoding = tokenizer.encode(example.text(), example.pair(), EncodingOptions.DEFAULT);
        assertArrayEquals(ints(example.ids()), encoding.ids(), example.text());
        assertArrayEquals(ints(example.typeIds()), encoding.typeIds(), example.text());
    }

    private static void checkChars(String text, Encoding encoding) {
        List<Span> converted = new ArrayList<>();
        for (Span span : encoding.codePointOffsets()) {
            converted.add(span == null ? null : inChars(text, span));
        }
        assertEquals(converted, encoding.offsets(), text);
    }

    private static Span inChars(String text, Span span) {
        return new Span(text.offsetByCodePoints(0, span.start()), text.offsetByCodePoints(0, span.end()));
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Objects::requireNonNull).toArray();
    }
}
