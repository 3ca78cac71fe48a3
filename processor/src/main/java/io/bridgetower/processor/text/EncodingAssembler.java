package io.bridgetower.processor.text;

import io.bridgetower.processor.text.TokenWindows.Window;
import io.bridgetower.processor.text.bpe.TokenRun;
import io.bridgetower.processor.text.bpe.TokenizerDefinition;
import java.util.ArrayList;
import java.util.List;

/** Cuts the tokens of one text or two, frames them, and makes an {@link Encoding} of each window. */
final class EncodingAssembler {
    /** A text with its tokens. */
    record Part(String text, TokenRun tokens) {}

    private final TokenizerDefinition definition;
    private final OffsetRules rules;
    private final Part first;
    private final Part second;
    private final EncodingOptions options;
    private final boolean framed;

    /** @param second the second text, or null */
    EncodingAssembler(TokenizerDefinition definition, Part first, Part second, EncodingOptions options) {
        this.definition = definition;
        this.rules = new OffsetRules(definition.trimOffsets(), definition.addPrefixSpace());
        this.first = first;
        this.second = second;
        this.options = options;
        this.framed = options.specialTokens() && definition.framed();
    }

    Encoding assemble() {
        Truncation truncation = options.truncation();
        int firstLength = first.tokens().size();
        int secondLength = second == null ? -1 : second.tokens().size();
        int[] lengths = TokenWindows.lengths(firstLength, secondLength, room(truncation), truncation);
        List<Window> firsts = TokenWindows.cut(firstLength, lengths[0], options.windows(), truncation);
        List<Window> seconds =
                second == null ? List.of() : TokenWindows.cut(secondLength, lengths[1], options.windows(), truncation);
        List<Encoding> others = options.windows() ? others(firsts, seconds) : List.of();
        return encoding(firsts.getFirst(), second == null ? null : seconds.getFirst(), others);
    }

    /** Every pair of windows, except the first two. */
    private List<Encoding> others(List<Window> firsts, List<Window> seconds) {
        List<Encoding> others = new ArrayList<>();
        for (Window window : firsts.subList(1, firsts.size())) {
            if (second == null) others.add(encoding(window, null, List.of()));
            for (Window secondWindow : seconds) others.add(encoding(window, secondWindow, List.of()));
        }
        for (Window secondWindow : seconds.subList(Math.min(1, seconds.size()), seconds.size())) {
            others.add(encoding(firsts.getFirst(), secondWindow, List.of()));
        }
        return others;
    }

    private Encoding encoding(Window window, Window secondWindow, List<Encoding> windows) {
        int length = window.to()
                - window.from()
                + (secondWindow == null ? 0 : secondWindow.to() - secondWindow.from())
                + frame();
        TokenSequence sequence = new TokenSequence(length);
        if (framed) sequence.append(definition.classifier(), TokenSequence.FRAME);
        sequence.append(first.tokens(), window, TokenSequence.FIRST_TEXT);
        if (framed) sequence.append(definition.separator(), TokenSequence.FRAME);
        if (secondWindow != null) {
            if (framed) sequence.append(definition.separator(), TokenSequence.FRAME);
            sequence.append(second.tokens(), secondWindow, TokenSequence.SECOND_TEXT);
            if (framed) sequence.append(definition.separator(), TokenSequence.FRAME);
        }
        String pair = second == null ? null : second.text();
        return new Encoding(definition.vocabulary(), rules, first.text(), pair, sequence, windows);
    }

    private int room(Truncation truncation) {
        int room = truncation.maxLength() - frame();
        if (room < 0 && truncation.strategy() != Truncation.Strategy.NONE) {
            throw new IllegalArgumentException(
                    "truncation to " + truncation.maxLength() + " tokens, where " + frame() + " are special alone");
        }
        return room;
    }

    private int frame() {
        if (!framed) return 0;
        return second == null ? 2 : 4;
    }
}
