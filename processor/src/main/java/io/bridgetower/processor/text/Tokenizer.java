package io.bridgetower.processor.text;

import io.bridgetower.processor.text.bpe.SpecialRole;
import io.bridgetower.processor.text.bpe.TextEncoder;
import io.bridgetower.processor.text.bpe.TokenDecoder;
import io.bridgetower.processor.text.bpe.TokenizerDefinition;
import io.bridgetower.processor.text.bpe.Vocabulary;
import io.bridgetower.processor.text.files.TokenizerFiles;
import io.bridgetower.processor.text.files.TokenizerIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * RoBERTa's tokenizer: byte-level byte-pair encoding, which can write any text. It finds the same ids, tokens and
 * offsets as Hugging Face's {@code RobertaTokenizerFast}.
 *
 * <p>Immutable and thread-safe. Encoding n characters takes O(n log n) time, for any text. An unpaired
 * surrogate is encoded as U+FFFD.
 */
public final class Tokenizer {
    private final TokenizerDefinition definition;
    private final Vocabulary vocabulary;
    private final TextEncoder encoder;
    private final TokenDecoder decoder;

    private Tokenizer(TokenizerDefinition definition) {
        this.definition = definition;
        this.vocabulary = definition.vocabulary();
        this.encoder = new TextEncoder(definition);
        this.decoder = new TokenDecoder(vocabulary);
    }

    /**
     * Reads the tokenizer of a checkpoint directory: {@code tokenizer.json}, or else {@code vocab.json} and
     * {@code merges.txt}; and with either {@code tokenizer_config.json}, {@code special_tokens_map.json} and
     * {@code added_tokens.json} where they are present. What {@code tokenizer_config.json} says of
     * {@code add_prefix_space} and {@code trim_offsets} goes before what {@code tokenizer.json} says.
     *
     * @throws java.nio.file.NoSuchFileException if the directory or a tokenizer in it is missing
     * @throws io.bridgetower.files.MalformedFileException if a file does not hold what it should, or describes a
     *     tokenizer of another kind
     */
    public static Tokenizer load(Path directory) throws IOException {
        return new Tokenizer(TokenizerFiles.read(directory));
    }

    /**
     * Writes the files of a checkpoint directory from which {@link #load} and Hugging Face Transformers make a tokenizer
     * that does the same: {@code tokenizer.json}, {@code tokenizer_config.json}, {@code special_tokens_map.json},
     * {@code vocab.json}, {@code merges.txt}, and {@code added_tokens.json} if tokens have been added that the model's
     * own vocabulary lacks. Each file appears whole or not at all.
     *
     * @param directory created if need be
     * @throws IOException if a file cannot be written
     */
    public void save(Path directory) throws IOException {
        TokenizerFiles.write(definition, directory);
    }

    /**
     * A text that identifies what the tokenizer computes, for storing with its results: a version and a hash of the
     * vocabulary, the merges, the added tokens and the settings. It does not depend on the kind of files that they were
     * read from, and does not change when later versions of this library add settings. Each call hashes the whole
     * vocabulary, which takes some milliseconds.
     */
    public String identity() {
        return TokenizerIdentity.of(definition);
    }

    /** The tokens of {@code text}, which may be empty, between {@code <s>} and {@code </s>}. */
    public Encoding encode(String text) {
        return encode(text, EncodingOptions.DEFAULT);
    }

    /**
     * The tokens of {@code text}.
     *
     * @throws IllegalArgumentException if the text cannot be cut as {@code options} demands
     */
    public Encoding encode(String text, EncodingOptions options) {
        return encodeBatch(List.of(text), options).get(0);
    }

    /**
     * The tokens of two texts: {@code <s> text </s></s> pair </s>}.
     *
     * @throws IllegalArgumentException if the texts cannot be cut as {@code options} demands
     */
    public Encoding encode(String text, String pair, EncodingOptions options) {
        return encodeBatch(List.of(text), List.of(pair), options).get(0);
    }

    /** The tokens of several texts, each between {@code <s>} and {@code </s>}, without padding. */
    public BatchEncoding encodeBatch(List<String> texts) {
        return encodeBatch(texts, EncodingOptions.DEFAULT);
    }

    /**
     * The tokens of several texts.
     *
     * @throws IllegalArgumentException if a text cannot be cut as {@code options} demands
     */
    public BatchEncoding encodeBatch(List<String> texts, EncodingOptions options) {
        EncodingOptions resolved = options.resolved(this);
        List<Encoding> encodings = new ArrayList<>(texts.size());
        for (String text : texts) encodings.add(assemble(text, null, resolved));
        return padded(encodings, resolved.padding());
    }

    /**
     * The tokens of several pairs of texts.
     *
     * @param texts the first of each pair
     * @param pairs the second of each pair
     * @throws IllegalArgumentException if the lists differ in length, or texts cannot be cut as {@code options} demands
     */
    public BatchEncoding encodeBatch(List<String> texts, List<String> pairs, EncodingOptions options) {
        if (texts.size() != pairs.size()) {
            throw new IllegalArgumentException(texts.size() + " first texts, but " + pairs.size() + " second texts");
        }
        EncodingOptions resolved = options.resolved(this);
        List<Encoding> encodings = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) encodings.add(assemble(texts.get(i), pairs.get(i), resolved));
        return padded(encodings, resolved.padding());
    }

    /** The text of {@code ids}, with spaces cleaned up if the tokenizer's files ask for it. */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return decode(ids, skipSpecialTokens, definition.cleanUpSpaces());
    }

    /**
     * The text of {@code ids}. Bytes that are not UTF-8 become U+FFFD. Ids that name no token are passed over, since a
     * model's vocabulary may be larger than its tokenizer's.
     *
     * @param ids the tokens
     * @param skipSpecialTokens whether special tokens are left out
     * @param cleanUpSpaces whether the spaces before punctuation and English contractions are taken away
     */
    public String decode(int[] ids, boolean skipSpecialTokens, boolean cleanUpSpaces) {
        String text = decoder.decode(ids, skipSpecialTokens);
        return cleanUpSpaces ? TokenDecoder.cleanUp(text) : text;
    }

    /** The text of each row of {@code ids}. */
    public List<String> batchDecode(int[][] ids, boolean skipSpecialTokens) {
        return Arrays.stream(ids).map(row -> decode(row, skipSpecialTokens)).toList();
    }

    /** The text of each row of {@code ids}. */
    public List<String> batchDecode(int[][] ids, boolean skipSpecialTokens, boolean cleanUpSpaces) {
        return Arrays.stream(ids)
                .map(row -> decode(row, skipSpecialTokens, cleanUpSpaces))
                .toList();
    }

    /** The ids of {@code tokens}, written as the vocabulary writes them; {@link #unkId()} for what is no token. */
    public int[] convertTokensToIds(List<String> tokens) {
        return tokens.stream().mapToInt(this::idOf).toArray();
    }

    /** The tokens of {@code ids}, as the vocabulary writes them; null for an id that names no token. */
    public List<String> convertIdsToTokens(int[] ids) {
        return Collections.unmodifiableList(
                Arrays.asList(Arrays.stream(ids).mapToObj(vocabulary::tokenOf).toArray(String[]::new)));
    }

    /** The id of {@code token}, written as the vocabulary writes it; {@link #unkId()} if it is no token. */
    public int idOf(String token) {
        int id = vocabulary.idOf(token);
        return id >= 0 ? id : unkId();
    }

    /** How many tokens there are. */
    public int vocabularySize() {
        return vocabulary.size();
    }

    /** How many tokens the model can read by the tokenizer's files, or {@link Integer#MAX_VALUE} if they do not say. */
    public int modelMaxLength() {
        return definition.modelMaxLength();
    }

    /** Where padding goes unless {@link Padding#side} says otherwise: on the right, if the files do not say. */
    public Side paddingSide() {
        return definition.padsLeft() ? Side.LEFT : Side.RIGHT;
    }

    /** Where tokens are cut off unless {@link Truncation#side} says otherwise: on the right, if the files do not say. */
    public Side truncationSide() {
        return definition.truncatesLeft() ? Side.LEFT : Side.RIGHT;
    }

    /** The id of the token that begins a text, {@code <s>}. */
    public int bosId() {
        return definition.special().of(SpecialRole.BOS);
    }

    /** The id of the token that ends a text, {@code </s>}. */
    public int eosId() {
        return definition.special().of(SpecialRole.EOS);
    }

    /** The id of the token whose features stand for the whole text, {@code <s>}. */
    public int clsId() {
        return definition.special().of(SpecialRole.CLS);
    }

    /** The id of the token between two texts, {@code </s>}. */
    public int sepId() {
        return definition.special().of(SpecialRole.SEP);
    }

    /** The id of the token for what is no token, {@code <unk>}. */
    public int unkId() {
        return definition.special().of(SpecialRole.UNK);
    }

    /** The id of the token that fills rows up, {@code <pad>}. */
    public int padId() {
        return definition.special().of(SpecialRole.PAD);
    }

    /** The id of the token that the model fills in, {@code <mask>}. */
    public int maskId() {
        return definition.special().of(SpecialRole.MASK);
    }

    private Encoding assemble(String text, String pair, EncodingOptions options) {
        EncodingAssembler.Part second = pair == null ? null : part(pair);
        return new EncodingAssembler(definition, part(text), second, options).assemble();
    }

    private EncodingAssembler.Part part(String text) {
        return new EncodingAssembler.Part(text, encoder.encode(text));
    }

    private BatchEncoding padded(List<Encoding> encodings, Padding padding) {
        int longest = encodings.stream().mapToInt(Encoding::length).max().orElse(0);
        int length = padding.lengthFor(longest);
        List<Encoding> rows = new ArrayList<>(encodings.size());
        List<Integer> samples = new ArrayList<>(encodings.size());
        for (int i = 0; i < encodings.size(); i++) {
            Encoding row = encodings.get(i).padded(length, padId(), padding.side());
            rows.add(row);
            rows.addAll(row.windows());
            samples.addAll(Collections.nCopies(1 + row.windows().size(), i));
        }
        return new BatchEncoding(
                rows, samples.stream().mapToInt(Integer::intValue).toArray());
    }
}
