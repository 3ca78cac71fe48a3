package io.bridgetower.model.batch;

/** Pairs as the cross-modal layers read them: text i and image i. */
public record EncodedPairs(BridgedStates[] texts, BridgedStates[] images) {
    public int size() {
        return texts.length;
    }

    /** Tokens of the longest text. */
    public int longestText() {
        int longest = 0;
        for (BridgedStates text : texts) longest = Math.max(longest, text.tokens());
        return longest;
    }
}
