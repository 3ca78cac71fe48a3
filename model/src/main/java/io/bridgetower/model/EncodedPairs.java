package io.bridgetower.model;

/** Pairs as the cross-modal layers read them: text i and image i. */
record EncodedPairs(Stages[] texts, Stages[] images) {
    int size() {
        return texts.length;
    }

    /** Tokens of the longest text. */
    int longestText() {
        int longest = 0;
        for (Stages text : texts) longest = Math.max(longest, text.tokens());
        return longest;
    }
}
