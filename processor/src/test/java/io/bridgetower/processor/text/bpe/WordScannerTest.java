package io.bridgetower.processor.text.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WordScannerTest {
    private static final Pattern PATTERN = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    @Test
    void cutsAsThePatternDoes() {
        String alphabet = "ab's'tre'vemdl''  \t\n\u00A0\u30001²½é日!,."
                + "\u0301\uD83D\uDE00\uD835\uDD4F\uD800\uDC00_\u200B\u0085";
        Random random = new Random(11);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(16); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertEquals(byPattern(text), byScanner(text.toString()), text::toString);
        }
    }

    @Test
    void everyCodePointHasTheClassOfThePattern() {
        Pattern letter = Pattern.compile("\\p{L}");
        Pattern number = Pattern.compile("\\p{N}");
        Pattern space = Pattern.compile("\\s", Pattern.UNICODE_CHARACTER_CLASS);
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String text = Character.toString(c);
            int expected = letter.matcher(text).matches()
                    ? CharacterClass.LETTER
                    : number.matcher(text).matches()
                            ? CharacterClass.NUMBER
                            : space.matcher(text).matches() ? CharacterClass.SPACE : CharacterClass.OTHER;
            assertEquals(expected, CharacterClass.of(c), () -> "U+" + Integer.toHexString(text.codePointAt(0)));
        }
    }

    private static List<String> byPattern(CharSequence text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = PATTERN.matcher(text);
        while (matcher.find()) words.add(matcher.group());
        return words;
    }

    private static List<String> byScanner(String text) {
        List<String> words = new ArrayList<>();
        char[] chars = text.toCharArray();
        for (int at = 0; at < chars.length; ) {
            int stop = WordScanner.next(chars, at, chars.length);
            words.add(text.substring(at, stop));
            at = stop;
        }
        return words;
    }
}
