package io.bridgetower.processor.text.bpe;

import java.util.ArrayList;
import java.util.List;

/** From text to tokens: finds added tokens, cuts the text between them into words, words into tokens. Thread-safe. */
public final class TextEncoder {
    private final AddedTokenFinder verbatim;
    private final AddedTokenFinder normalized;
    private final WordEncoder words;
    private final boolean addPrefixSpace;

    /** An encoder for what {@code definition} describes. */
    public TextEncoder(TokenizerDefinition definition) {
        Vocabulary vocabulary = definition.vocabulary();
        List<AddedToken> first = new ArrayList<>();
        List<AddedToken> then = new ArrayList<>();
        for (AddedToken token : vocabulary.addedTokens()) (token.normalized() ? then : first).add(token);
        verbatim = new AddedTokenFinder(vocabulary, first);
        normalized = new AddedTokenFinder(vocabulary, then);
        words = new WordEncoder(definition);
        addPrefixSpace = definition.addPrefixSpace();
    }

    /** The tokens of {@code text}, none if it is empty. */
    public TokenRun encode(String text) {
        char[] chars = text.toCharArray();
        TokenRun run = new TokenRun(chars.length / 3 + 8);
        new Sections(chars, run).cut();
        return run;
    }

    private final class Sections implements AddedTokenFinder.Sections {
        private final char[] chars;
        private final TokenRun run;
        private boolean verbatimDone;

        Sections(char[] chars, TokenRun run) {
            this.chars = chars;
            this.run = run;
        }

        void cut() {
            verbatim.cut(chars, 0, chars.length, this);
        }

        @Override
        public void token(int id, int start, int end) {
            run.add(id, start, end);
        }

        @Override
        public void text(int start, int end) {
            if (verbatimDone) {
                addWords(start, end);
            } else {
                verbatimDone = true;
                normalized.cut(chars, start, end, this);
                verbatimDone = false;
            }
        }

        private void addWords(int start, int end) {
            if (!addPrefixSpace || chars[start] == ' ') {
                addWords(chars, start, end, 0);
                return;
            }
            char[] prefixed = new char[end - start + 1];
            prefixed[0] = ' ';
            System.arraycopy(chars, start, prefixed, 1, end - start);
            int from = run.size();
            addWords(prefixed, 0, prefixed.length, start);
            run.withoutPrefix(from, start, Character.charCount(Character.codePointAt(chars, start, end)));
        }

        private void addWords(char[] text, int start, int end, int shift) {
            for (int at = start; at < end; ) {
                int stop = WordScanner.next(text, at, end);
                run.add(words.encode(text, at, stop), at + shift);
                at = stop;
            }
        }
    }
}
