package io.bridgetower.processor.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerIdentityTest {
    /** Journals on disk hold this text: if it changes, the version must. */
    private static final String DEMO =
            "tokenizer-1 sha256=4a1d78276f185b407b3d6a9e39b212cacd594b237dd6fa8f5fc4f555ac891d2d";

    @TempDir
    private Path folder;

    @Test
    void theHashIsThatOfVersionOne() {
        assertEquals(DEMO, TokenizerFolders.loadDemo().identity());
    }

    @Test
    void theKindOfFilesDoesNotMatter() throws IOException {
        TokenizerFolders.loadDemo().save(folder);
        assertEquals(DEMO, Tokenizer.load(folder).identity());
        Files.delete(folder.resolve("tokenizer.json"));
        assertEquals(DEMO, Tokenizer.load(folder).identity());
    }

    @Test
    void everySettingShows() throws IOException {
        Map<String, String> changes = new HashMap<>();
        changes.put("\"add_prefix_space\": true", "prefix");
        changes.put("\"trim_offsets\": false", "offsets");
        changes.put("\"model_max_length\": 13", "length");
        changes.put("\"clean_up_tokenization_spaces\": true", "spaces");
        changes.put("\"padding_side\": \"left\"", "padding");
        changes.put("\"truncation_side\": \"left\"", "truncation");
        changes.put("\"pad_token\": \"<unk>\"", "role");
        changes.put("\"additional_special_tokens\": [\"cat\"]", "an added token");
        changes.put("\"additional_special_tokens\": [{\"content\": \"cat\", \"lstrip\": true}]", "its peculiarity");
        Map<String, String> identities = new HashMap<>(Map.of(DEMO, "nothing"));
        for (Map.Entry<String, String> change : changes.entrySet()) {
            Path copy = Files.createDirectories(folder.resolve(change.getValue()));
            TokenizerFolders.copyOfDemo(copy, "tokenizer.json");
            Files.writeString(copy.resolve("tokenizer_config.json"), "{" + change.getKey() + "}");
            String other = identities.put(Tokenizer.load(copy).identity(), change.getValue());
            assertEquals(null, other, change.getValue());
        }
    }

    @Test
    void everyTokenAndMergeShows() throws IOException {
        Path copy = TokenizerFolders.copyOfDemo(folder, "vocab.json", "merges.txt");
        String before = Tokenizer.load(copy).identity();
        Path merges = copy.resolve("merges.txt");
        List<String> lines = Files.readAllLines(merges);
        int last = lines.size() - 1;
        Files.write(merges, lines.subList(0, last));
        String shorter = Tokenizer.load(copy).identity();
        assertNotEquals(before, shorter);
        String swapped = lines.get(last);
        lines.set(last, lines.get(last - 1));
        lines.set(last - 1, swapped);
        Files.write(merges, lines);
        assertNotEquals(before, Tokenizer.load(copy).identity());
        assertNotEquals(shorter, Tokenizer.load(copy).identity());
    }
}
