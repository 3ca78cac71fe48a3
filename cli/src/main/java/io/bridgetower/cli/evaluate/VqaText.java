package io.bridgetower.cli.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form in which the official measure of VQAv2 compares answers: without punctuation and articles, numbers as digits,
 * contractions with their apostrophes. Its oddities are part of the measure.
 */
final class VqaText {
    private static final String PUNCTUATION = ";/[]\"{}()=+\\_-><@`,?!";
    private static final Pattern NUMBER_WITH_COMMA = Pattern.compile("[0-9],[0-9]");
    private static final Pattern PERIOD = Pattern.compile("\\.(?![0-9])");

    /** The measure passes a flag where its regular expressions take a count. */
    private static final int MAX_PERIODS = 32;

    private static final Set<String> ARTICLES = Set.of("a", "an", "the");

    private static final List<String> DIGITS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

    /** Each is recognised where one of its apostrophes is missing. */
    private static final String CONTRACTIONS = """
        ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't haven't he'd he'd've
        he's how'd how'll how's isn't it'd it'd've it'll ma'am mightn't mightn't've might've mustn't must've needn't not've
        o'clock oughtn't 'ow's'at shan't she'd've should've shouldn't shouldn't've somebody'd've somebody'll somebody's
        someone'd someone'd've someone'll someone's something'd something'd've something'll that's there'd there'd've
        there're there's they'd they'd've they'll they're they've 'twas wasn't we'd've we've weren't what'll what're what's
        what've when's where'd where's where've who'd who'd've who'll who's who've why'll why're why's won't would've
        wouldn't wouldn't've y'all y'all'll y'all'd've you'd you'd've you'll you're you've
        """;

    private static final Map<String, String> WORDS = words();

    private VqaText() {}

    /** Without line breaks, tabs and space around it, as all answers are compared. */
    static String trimmed(String answer) {
        return answer.replace('\n', ' ').replace('\t', ' ').strip();
    }

    /** As answers are compared where people disagree. */
    static String normalized(String answer) {
        List<String> words = new ArrayList<>();
        for (String word : withoutPunctuation(answer).toLowerCase(Locale.ROOT).split("\\p{IsWhite_Space}+")) {
            String digit = digit(word);
            if (digit.isEmpty() || ARTICLES.contains(digit)) continue;
            words.add(WORDS.getOrDefault(digit, digit));
        }
        return String.join(" ", words);
    }

    private static String withoutPunctuation(String answer) {
        boolean numbers = NUMBER_WITH_COMMA.matcher(answer).find();
        String text = answer;
        for (int i = 0; i < PUNCTUATION.length(); i++) {
            String mark = PUNCTUATION.substring(i, i + 1);
            boolean atSpace = answer.contains(mark + " ") || answer.contains(" " + mark);
            text = text.replace(mark, atSpace || numbers ? "" : " ");
        }
        Matcher periods = PERIOD.matcher(text);
        StringBuilder without = new StringBuilder();
        for (int i = 0; i < MAX_PERIODS && periods.find(); i++) periods.appendReplacement(without, "");
        return periods.appendTail(without).toString();
    }

    private static String digit(String word) {
        if (word.equals("none")) return "0";
        int number = DIGITS.indexOf(word);
        return number < 0 ? word : Integer.toString(number);
    }

    private static Map<String, String> words() {
        Map<String, String> words = new HashMap<>();
        for (String contraction : CONTRACTIONS.strip().split("\\s+")) {
            for (int at = contraction.indexOf('\''); at >= 0; at = contraction.indexOf('\'', at + 1)) {
                words.putIfAbsent(contraction.substring(0, at) + contraction.substring(at + 1), contraction);
            }
        }
        // As the measure has it.
        words.put("somebody'd", "somebodyd");
        return Map.copyOf(words);
    }
}
