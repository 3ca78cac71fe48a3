package io.bridgetower.processor.text.files;

import io.bridgetower.files.MalformedFileException;
import io.bridgetower.processor.text.bpe.MergeList;
import io.bridgetower.processor.text.bpe.Merges;
import io.bridgetower.processor.text.bpe.SpecialIds;
import io.bridgetower.processor.text.bpe.SpecialRole;
import io.bridgetower.processor.text.bpe.TokenizerDefinition;
import io.bridgetower.processor.text.bpe.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;

/** What has been gathered from a tokenizer's files while they are read; the defaults are RoBERTa's. */
final class TokenizerDraft {
    final Vocabulary.Builder vocabulary = new Vocabulary.Builder();
    final MergeList merges = new MergeList();
    /** The token of a byte that the vocabulary lacks, or null. */
    String unknownByte;

    boolean wholeWordsFirst;
    boolean addPrefixSpace;
    boolean trimOffsets = true;
    boolean framed = true;
    boolean padsLeft;
    boolean truncatesLeft;
    /** The token before and the token after a text, or null for those of the roles. */
    String classifier;

    String separator;

    /** The file and the field that the merges come from. */
    private final Path mergesFile;

    private final String mergesField;

    TokenizerDraft(Path mergesFile, String mergesField) {
        this.mergesFile = mergesFile;
        this.mergesField = mergesField;
    }

    /** What has been gathered, completed by {@code settings}. */
    TokenizerDefinition complete(TokenizerSettings settings) throws IOException {
        SpecialIds special = settings.apply(vocabulary);
        Vocabulary tokens = vocabulary.build();
        Merges resolved = merges.resolve(tokens, this::malformedMerge);
        return new TokenizerDefinition(
                tokens,
                resolved,
                special,
                unknownByte == null ? -1 : tokens.idOf(unknownByte),
                wholeWordsFirst,
                settings.addPrefixSpace(addPrefixSpace),
                settings.trimOffsets(trimOffsets),
                framed,
                classifier == null ? special.of(SpecialRole.CLS) : tokens.idOf(classifier),
                separator == null ? special.of(SpecialRole.SEP) : tokens.idOf(separator),
                settings.cleanUpSpaces(),
                settings.modelMaxLength(),
                settings.isLeft("padding_side", padsLeft),
                settings.isLeft("truncation_side", truncatesLeft));
    }

    private MalformedFileException malformedMerge(int rank, String problem) {
        return new MalformedFileException(mergesFile, mergesField + "[" + rank + "]", problem);
    }
}
