package io.bridgetower.processor.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** RoBERTa's tokenizer written down as plainly as can be: regular expressions, and merges by trying them all. */
final class SlowTokenizer {
    private static final Pattern WORDS = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPECIAL =
            Pattern.compile("\\s*<mask>|<s>|</s>|<pad>|<unk>", Pattern.UNICODE_CHARACTER_CLASS);

    private final Map<String, Integer> vocabulary = new HashMap<>();
    private final Map<String, Integer> ranks = new HashMap<>();
    private final String[] bytes = new String[256];

    SlowTokenizer(Path folder) throws IOException {
        try (JsonParser json =
                new JsonFactory().createParser(folder.resolve("vocab.json").toFile())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                vocabulary.put(json.currentName(), json.nextIntValue(-1));
            }
        }
        for (String line : Files.readAllLines(folder.resolve("merges.txt"))) {
            if (!line.startsWith("#version")) ranks.put(line, ranks.size());
        }
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b > 32 && b < 127 || b > 160 && b != 173;
            bytes[b] = String.valueOf((char) (printable ? b : next++));
        }
    }

    List<Integer> encode(String text) {
        List<Integer> ids = new ArrayList<>();
        ids.add(vocabulary.get("<s>"));
        Matcher special = SPECIAL.matcher(text);
        int done = 0;
        while (special.find()) {
            words(text.substring(done, special.start()), ids);
            ids.add(vocabulary.get(special.group().substring(special.group().indexOf('<'))));
            done = special.end();
        }
        words(text.substring(done), ids);
        ids.add(vocabulary.get("</s>"));
        return ids;
    }

    private void words(String text, List<Integer> ids) {
        Matcher word = WORDS.matcher(text);
        while (word.find()) for (String token : merged(word.group())) ids.add(vocabulary.get(token));
    }

    private List<String> merged(String word) {
        List<String> symbols = new ArrayList<>();
        word.codePoints().forEach(c -> {
            int scalar = c >= 0xD800 && c < 0xE000 ? 0xFFFD : c;
            for (byte b : Character.toString(scalar).getBytes(StandardCharsets.UTF_8)) symbols.add(bytes[b & 0xFF]);
        });
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                int rank = ranks.getOrDefault(symbols.get(i) + " " + symbols.get(i + 1), Integer.MAX_VALUE);
                if (rank < bestRank) {
                    best = i;
                    bestRank = rank;
                }
            }
            if (best < 0) return symbols;
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
    }
}
