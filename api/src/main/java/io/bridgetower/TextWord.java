package io.bridgetower;

import io.bridgetower.processor.text.Encoding;
import io.bridgetower.processor.text.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * A word of a text: tokens without white space between them.
 *
 * @param firstToken index of its first token
 * @param tokens how many there are
 */
record TextWord(String text, int firstToken, int tokens) {
    /** The words of a text, from its tokens. */
    static List<TextWord> of(Encoding encoding, String text) {
        List<Span> spans = new ArrayList<>();
        for (Span span : encoding.offsets()) spans.add(span == null ? null : stripped(span, text));
        List<TextWord> words = new ArrayList<>();
        for (int first = 0; first < spans.size(); ) {
            int end = first + 1;
            if (isText(spans.get(first))) {
                while (end < spans.size() && isNext(spans.get(end - 1), spans.get(end))) end++;
                String word = text.substring(
                        spans.get(first).start(), spans.get(end - 1).end());
                words.add(new TextWord(word, first, end - first));
            }
            first = end;
        }
        return words;
    }

    /** Line breaks and the like may be part of a token's span. */
    private static Span stripped(Span span, String text) {
        int start = span.start(), end = span.end();
        while (start < end && Character.isWhitespace(text.charAt(start))) start++;
        while (end > start && Character.isWhitespace(text.charAt(end - 1))) end--;
        return new Span(start, end);
    }

    private static boolean isText(Span span) {
        return span != null && span.end() > span.start();
    }

    /** Tokens that share a character have the same span. */
    private static boolean isNext(Span before, Span span) {
        return isText(span) && span.start() <= before.end();
    }
}
