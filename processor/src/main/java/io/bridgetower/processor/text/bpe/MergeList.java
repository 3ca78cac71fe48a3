package io.bridgetower.processor.text.bpe;

import java.util.ArrayList;
import java.util.List;

/** Merges as files write them, before the vocabulary is known. */
public final class MergeList {
    /** More are refused: no published tokenizer comes near. */
    static final int MAX_MERGES = 1 << 20;

    private final List<String> lefts = new ArrayList<>();
    private final List<String> rights = new ArrayList<>();

    int size() {
        return lefts.size();
    }

    /** Adds a merge written as two tokens with a space between. Returns what speaks against it, or null. */
    public String add(String line) {
        int space = line.indexOf(' ');
        if (space < 0 || space != line.lastIndexOf(' ')) {
            return "expected two tokens with a space between, found \"" + line + '"';
        }
        return add(line.substring(0, space), line.substring(space + 1));
    }

    /** Adds a merge. Returns what speaks against it, or null. */
    public String add(String left, String right) {
        if (left.isEmpty() || right.isEmpty()) return "a merge with an empty token";
        if (left.indexOf(' ') >= 0 || right.indexOf(' ') >= 0) return "a merge of a space, which no byte is written as";
        if (lefts.size() == MAX_MERGES) return "more than " + MAX_MERGES + " merges";
        lefts.add(left);
        rights.add(right);
        return null;
    }

    /** What {@link #resolve} answers for a merge that it refuses. */
    public interface Refusal<E extends Exception> {
        E of(int index, String problem);
    }

    /** The merges by the ids of {@code vocabulary}, the first of the highest precedence. */
    public <E extends Exception> Merges resolve(Vocabulary vocabulary, Refusal<E> refusal) throws E {
        Merges merges = new Merges(size());
        for (int rank = 0; rank < size(); rank++) {
            String left = lefts.get(rank);
            String right = rights.get(rank);
            for (String token : List.of(left, right, left + right)) {
                if (vocabulary.idOf(token) < 0) {
                    String merge = "\"" + left + " " + right + "\"";
                    throw refusal.of(rank, merge + " needs the token \"" + token + "\", which the vocabulary lacks");
                }
            }
            merges.add(vocabulary.idOf(left), vocabulary.idOf(right), rank, vocabulary.idOf(left + right));
        }
        return merges;
    }
}
