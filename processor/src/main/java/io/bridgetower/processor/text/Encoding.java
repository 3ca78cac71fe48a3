package io.bridgetower.processor.text;

import io.bridgetower.processor.text.bpe.AddedToken;
import io.bridgetower.processor.text.bpe.Vocabulary;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The tokens of one text, or of a pair of texts, as {@link Tokenizer} finds them. Immutable and thread-safe. Every
 * array and list of properties has {@link #length()} entries; arrays are copies.
 */
public final class Encoding {
    private final Vocabulary vocabulary;
    private final OffsetRules rules;
    private final String text;
    private final String pair;
    private final TokenSequence sequence;
    private final List<Encoding> windows;

    Encoding(
            Vocabulary vocabulary,
            OffsetRules rules,
            String text,
            String pair,
            TokenSequence sequence,
            List<Encoding> windows) {
        this.vocabulary = vocabulary;
        this.rules = rules;
        this.text = text;
        this.pair = pair;
        this.sequence = sequence;
        this.windows = List.copyOf(windows);
    }

    /** How many tokens there are, special ones and padding included. */
    public int length() {
        return sequence.length();
    }

    /** The ids of the tokens. */
    public int[] ids() {
        return sequence.ids.clone();
    }

    /** The tokens as the vocabulary writes them; an added token as the text does, with the white space that it took. */
    public List<String> tokens() {
        String[] tokens = new String[length()];
        for (int i = 0; i < tokens.length; i++) tokens[i] = token(i);
        return List.of(tokens);
    }

    /** 1 for a token, 0 for padding. */
    public int[] attentionMask() {
        int[] mask = new int[length()];
        for (int i = 0; i < mask.length; i++) mask[i] = sequence.origins[i] == TokenSequence.PADDING ? 0 : 1;
        return mask;
    }

    /** 0 everywhere: RoBERTa does not tell the first text from the second. */
    public int[] typeIds() {
        return new int[length()];
    }

    /** 1 for the tokens that frame the texts and for padding, 0 for tokens of the texts, even if they spell a special token. */
    public int[] specialTokensMask() {
        int[] mask = new int[length()];
        for (int i = 0; i < mask.length; i++) mask[i] = sequence.isText(i) ? 0 : 1;
        return mask;
    }

    /**
     * For each token the chars of its text that it stands for, without white space at the ends; null where it stands
     * for no text. Tokens that share the bytes of one character have the same span; a token of white space alone has an
     * empty one.
     */
    public List<Span> offsets() {
        Span[] spans = new Span[length()];
        for (int i = 0; i < spans.length; i++) {
            if (!sequence.isText(i)) continue;
            boolean first = i == 0 || sequence.origins[i - 1] != sequence.origins[i];
            spans[i] = rules.apply(textOf(i), token(i), sequence.starts[i], sequence.ends[i], first);
        }
        return Collections.unmodifiableList(Arrays.asList(spans));
    }

    /** The {@link #offsets()}, counted in code points instead of chars. */
    public List<Span> codePointOffsets() {
        int[] inText = codePointIndex(text);
        int[] inPair = pair == null ? inText : codePointIndex(pair);
        Span[] spans = offsets().toArray(Span[]::new);
        for (int i = 0; i < spans.length; i++) {
            if (spans[i] == null) continue;
            int[] index = sequence.origins[i] == TokenSequence.FIRST_TEXT ? inText : inPair;
            spans[i] = new Span(index[spans[i].start()], index[spans[i].end()]);
        }
        return Collections.unmodifiableList(Arrays.asList(spans));
    }

    /** What truncation cut off, as further encodings; empty unless {@link EncodingOptions#windows()} asked for it. */
    public List<Encoding> windows() {
        return windows;
    }

    Encoding padded(int length, int padId, Side side) {
        List<Encoding> paddedWindows = windows.stream()
                .map(window -> window.padded(length, padId, side))
                .toList();
        return new Encoding(vocabulary, rules, text, pair, sequence.padded(length, padId, side), paddedWindows);
    }

    private String token(int at) {
        int id = sequence.ids[at];
        AddedToken added = vocabulary.addedToken(id);
        if (added != null && sequence.isText(at)) {
            String written = textOf(at).substring(sequence.starts[at], sequence.ends[at]);
            if (written.contains(added.content())) return written;
        }
        return vocabulary.tokenOf(id);
    }

    private String textOf(int at) {
        return sequence.origins[at] == TokenSequence.SECOND_TEXT ? pair : text;
    }

    /** For each char of {@code text}, and its end, how many code points start before it. */
    private static int[] codePointIndex(String text) {
        int[] index = new int[text.length() + 1];
        int count = 0;
        for (int i = 0; i < text.length(); ) {
            int next = i + Character.charCount(text.codePointAt(i));
            Arrays.fill(index, i, next, count++);
            i = next;
        }
        index[text.length()] = count;
        return index;
    }
}
