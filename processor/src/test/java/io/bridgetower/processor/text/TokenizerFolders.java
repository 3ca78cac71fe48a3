package io.bridgetower.processor.text;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the tests find tokenizers. */
public final class TokenizerFolders {
    private static final List<String> FILES =
            List.of("tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json");

    private TokenizerFolders() {}

    /** The tokenizer of the demo model, with a vocabulary of 420 tokens. */
    static Path demo() {
        try {
            return Path.of(TokenizerFolders.class
                            .getResource("/tokenizer/demo/vocab.json")
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    public static Tokenizer loadDemo() {
        try {
            return Tokenizer.load(demo());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder with copies of some of the demo tokenizer's files. */
    static Path copyOfDemo(Path into, String... names) throws IOException {
        for (String name : names) Files.copy(demo().resolve(name), into.resolve(name));
        return into;
    }

    static Path copyOfDemo(Path into) throws IOException {
        return copyOfDemo(into, FILES.toArray(String[]::new));
    }

    /**
     * RoBERTa's own tokenizer and its cases, which are not part of the repository: in the folder {@code tokenizer} of
     * the one that the property {@code bridgetower.shared} names, or of a folder {@code shared} beside the repository.
     * Null if there is none.
     */
    static Path roberta() {
        String property = System.getProperty("bridgetower.shared");
        if (property != null) return existing(Path.of(property, "tokenizer"));
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path found = existing(at.resolve("shared/tokenizer"));
            if (found != null) return found;
        }
        return null;
    }

    /** As {@link #roberta}, but a test that needs it is skipped, saying so, where there is none. */
    static Path robertaOrSkip() {
        Path folder = roberta();
        assumeTrue(
                folder != null,
                "RoBERTa's tokenizer is not part of the repository: name the folder that holds tokenizer/roberta.jsonl"
                        + " by -Dbridgetower.shared");
        return folder;
    }

    private static Path existing(Path folder) {
        return Files.exists(folder.resolve("roberta.jsonl")) ? folder : null;
    }
}
