package io.bridgetower.processor.text.bpe;

/**
 * What a tokenizer's files say.
 *
 * @param vocabulary tokens, added ones included
 * @param merges the merges among them
 * @param special the ids of the special tokens
 * @param unknownByteId the token of a byte that the vocabulary lacks, or −1 to leave such bytes out
 * @param wholeWordsFirst whether a word that is a token is not taken apart
 * @param addPrefixSpace whether text that does not start with a space is given one
 * @param trimOffsets whether offsets leave the white space of a token out
 * @param framed whether texts can be put between a classifier and a separator
 * @param classifier the id of the token before a text
 * @param separator the id of the token after a text
 * @param cleanUpSpaces whether decoding takes away spaces before punctuation unless told otherwise
 * @param modelMaxLength how many tokens the model can read, {@link Integer#MAX_VALUE} if it is not said
 * @param padsLeft whether padding goes before the text unless told otherwise
 * @param truncatesLeft whether the beginning is cut off unless told otherwise
 */
public record TokenizerDefinition(
        Vocabulary vocabulary,
        Merges merges,
        SpecialIds special,
        int unknownByteId,
        boolean wholeWordsFirst,
        boolean addPrefixSpace,
        boolean trimOffsets,
        boolean framed,
        int classifier,
        int separator,
        boolean cleanUpSpaces,
        int modelMaxLength,
        boolean padsLeft,
        boolean truncatesLeft) {}
