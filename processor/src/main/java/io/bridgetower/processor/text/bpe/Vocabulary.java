package io.bridgetower.processor.text.bpe;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Tokens and their ids, one to one, and the added tokens among them. Immutable. */
public final class Vocabulary {
    /** No id may reach this: arrays are as long as the largest id, and no published vocabulary comes near. */
    public static final int MAX_ID = 1 << 20;

    private final Map<String, Integer> ids;
    private final String[] tokens;
    private final AddedToken[] added;
    private final BitSet extra;

    private Vocabulary(Map<String, Integer> ids, String[] tokens, AddedToken[] added, BitSet extra) {
        this.ids = ids;
        this.tokens = tokens;
        this.added = added;
        this.extra = extra;
    }

    /** How many tokens there are. */
    public int size() {
        return ids.size();
    }

    /** No id reaches this. */
    public int end() {
        return tokens.length;
    }

    /** Whether there are tokens that were only added. */
    public boolean hasExtra() {
        return !extra.isEmpty();
    }

    /** Whether the token of {@code id} was only added: the model's own vocabulary lacks it. */
    public boolean isExtra(int id) {
        return extra.get(id);
    }

    /** The id of {@code token}, or −1 if there is no such token. */
    public int idOf(String token) {
        return ids.getOrDefault(token, -1);
    }

    /** The token of {@code id}, or null if no token has it. */
    public String tokenOf(int id) {
        return id >= 0 && id < tokens.length ? tokens[id] : null;
    }

    /** The added token of {@code id}, or null if it is not one of them. */
    public AddedToken addedToken(int id) {
        return id >= 0 && id < added.length ? added[id] : null;
    }

    /** The added tokens, by id. */
    public List<AddedToken> addedTokens() {
        return Arrays.stream(added).filter(Objects::nonNull).toList();
    }

    /** Collects tokens; every refusal is a message, or null where the token was taken. */
    public static final class Builder {
        private final Map<String, Integer> ids = new HashMap<>();
        private final Map<Integer, AddedToken> added = new HashMap<>();
        private final BitSet extra = new BitSet();
        private String[] tokens = new String[1 << 10];
        private int end;

        /** Adds a token. Returns what speaks against it, or null. */
        public String add(String token, long id) {
            if (id < 0 || id >= MAX_ID) return "id " + id + " is not in 0 … " + (MAX_ID - 1);
            int index = (int) id;
            if (index >= tokens.length) tokens = Arrays.copyOf(tokens, Math.max(index + 1, 2 * tokens.length));
            if (tokens[index] != null) return "id " + id + " is that of " + quote(tokens[index]) + " already";
            Integer other = ids.putIfAbsent(token, index);
            if (other != null) return "the token has the id " + other + " already";
            tokens[index] = token;
            end = Math.max(end, index + 1);
            return null;
        }

        /** Marks a token as added, and adds it if it is not there. Returns what speaks against it, or null. */
        public String add(AddedToken token, long id) {
            Integer known = ids.get(token.content());
            if (known == null || known != id) {
                String refusal = add(token.content(), id);
                if (refusal != null) return refusal;
                extra.set((int) id);
            }
            added.putIfAbsent((int) id, token);
            return null;
        }

        /** The id of {@code token}, or −1. */
        public int idOf(String token) {
            return ids.getOrDefault(token, -1);
        }

        /** No id reaches this. */
        public int end() {
            return end;
        }

        /** The vocabulary; the builder must not be used again. */
        public Vocabulary build() {
            AddedToken[] addedById = new AddedToken[end];
            added.forEach((id, token) -> addedById[id] = token);
            return new Vocabulary(ids, Arrays.copyOf(tokens, end), addedById, extra);
        }

        private static String quote(String token) {
            return '"' + token + '"';
        }
    }
}
