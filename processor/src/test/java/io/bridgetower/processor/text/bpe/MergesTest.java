package io.bridgetower.processor.text.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergesTest {
    private record Pair(int left, int right) {}

    private record Rule(int rank, int merged) {}

    @Test
    void shortAndLongWordsMergeAsTheDefinitionSays() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            Map<Pair, Rule> rules = randomRules(random);
            Merges merges = new Merges(4);
            rules.forEach((pair, rule) -> merges.add(pair.left(), pair.right(), rule.rank(), rule.merged()));
            int length = random.nextInt(200);
            int[] symbols = random.ints(length, 0, 3).toArray();
            int[] ends = new int[length];
            Arrays.setAll(ends, i -> i + 1);
            List<int[]> expected = byDefinition(symbols, rules);
            int count = merges.apply(symbols, ends, length);
            assertEquals(expected.stream().map(s -> s[0]).toList(), boxed(symbols, count));
            assertEquals(expected.stream().map(s -> s[1]).toList(), boxed(ends, count));
        }
    }

    private static List<Integer> boxed(int[] values, int count) {
        return Arrays.stream(values, 0, count).boxed().toList();
    }

    /** Merges among the symbols 0, 1, 2 and what comes of them, in an order that no training would give. */
    private static Map<Pair, Rule> randomRules(Random random) {
        Map<Pair, Rule> rules = new HashMap<>();
        int symbols = 3;
        for (int i = 0; i < 40; i++) {
            Pair pair = new Pair(random.nextInt(symbols), random.nextInt(symbols));
            if (rules.putIfAbsent(pair, new Rule(random.nextInt(4) * 1000 + i, symbols)) == null) symbols++;
        }
        return rules;
    }

    private static List<int[]> byDefinition(int[] word, Map<Pair, Rule> rules) {
        List<int[]> symbols = new ArrayList<>();
        for (int i = 0; i < word.length; i++) symbols.add(new int[] {word[i], i + 1});
        while (true) {
            Rule best = null;
            int at = -1;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                Rule rule = rules.get(new Pair(symbols.get(i)[0], symbols.get(i + 1)[0]));
                if (rule != null && (best == null || rule.rank() < best.rank())) {
                    best = rule;
                    at = i;
                }
            }
            if (best == null) return symbols;
            symbols.set(at, new int[] {best.merged(), symbols.remove(at + 1)[1]});
        }
    }
}
