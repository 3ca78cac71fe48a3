package io.bridgetower.processor.text.bpe;

import java.util.BitSet;
import java.util.List;

/**
 * Finds added tokens in a text: from left to right, at each place the longest. A trie; since the tokens are short, the
 * search takes linear time.
 */
final class AddedTokenFinder {
    /** Takes what a text falls into, from left to right. */
    interface Sections {
        /** A stretch of text between added tokens. */
        void text(int start, int end);

        /** An added token, with the white space that it takes. */
        void token(int id, int start, int end);
    }

    private final Vocabulary vocabulary;
    private final BitSet firstChars = new BitSet();
    private final LongTable children;
    private final LongTable ends = new LongTable(16);

    AddedTokenFinder(Vocabulary vocabulary, List<AddedToken> tokens) {
        this.vocabulary = vocabulary;
        this.children = new LongTable(tokens.size() * 8);
        int nodes = 1;
        for (AddedToken token : tokens) {
            String content = token.content();
            firstChars.set(content.charAt(0));
            long node = 0;
            for (int i = 0; i < content.length(); i++) {
                long child = children.get(node << 16 | content.charAt(i));
                if (child == LongTable.NONE) children.put(node << 16 | content.charAt(i), child = nodes++);
                node = child;
            }
            ends.put(node, vocabulary.idOf(content));
        }
    }

    /** Cuts {@code text} from {@code from} to {@code to} into sections. */
    void cut(char[] text, int from, int to, Sections sections) {
        int done = from;
        int at = from;
        while (at < to) {
            if (!firstChars.get(text[at])) {
                at++;
                continue;
            }
            long match = longestAt(text, at, to);
            if (match == LongTable.NONE) {
                at++;
                continue;
            }
            int id = (int) match;
            int end = (int) (match >>> 32);
            AddedToken token = vocabulary.addedToken(id);
            if (!token.singleWord() || isAlone(text, from, at, end, to)) {
                int start = Math.max(at, done);
                int stop = end;
                if (token.stripLeft()) while (start > done && CharacterClass.isSpace(text[start - 1])) start--;
                if (token.stripRight()) while (stop < to && CharacterClass.isSpace(text[stop])) stop++;
                if (done < start) sections.text(done, start);
                sections.token(id, start, stop);
                done = stop;
            }
            at = end;
        }
        if (done < to) sections.text(done, to);
    }

    /** The end and the id of the longest token at {@code at}, packed, or {@link LongTable#NONE}. */
    private long longestAt(char[] text, int at, int to) {
        long longest = LongTable.NONE;
        long node = 0;
        for (int i = at; i < to; i++) {
            node = children.get(node << 16 | text[i]);
            if (node == LongTable.NONE) break;
            long id = ends.get(node);
            if (id != LongTable.NONE) longest = (long) (i + 1) << 32 | id;
        }
        return longest;
    }

    private static boolean isAlone(char[] text, int from, int start, int end, int to) {
        boolean wordBefore = start > from && CharacterClass.isWordPart(Character.codePointBefore(text, start, from));
        boolean wordAfter = end < to && CharacterClass.isWordPart(Character.codePointAt(text, end, to));
        return !wordBefore && !wordAfter;
    }
}
