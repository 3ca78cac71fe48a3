package io.bridgetower.bench;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Sentences like those that people write under images, the same in every run. */
final class Captions {
    private static final String[][] PARTS = {
        {"A", "The", "Two", "Several", "An old", "A young", "A small", "Three brightly coloured", "A group of"},
        {
            "cats",
            "man in a blue shirt",
            "woman",
            "children",
            "dogs",
            "football player",
            "giraffe",
            "train",
            "bowl of oranges",
            "motorcycle",
            "plate of broccoli",
            "skateboarder",
            "clock tower",
            "surfer",
            "elephant"
        },
        {
            "sitting",
            "standing",
            "chilling",
            "riding a bike",
            "looking",
            "walking slowly",
            "parked",
            "sleeping",
            "that's lying",
            "waiting quietly",
            "eating",
            "being served",
            "jumping",
            "playing frisbee",
            "reflected"
        },
        {
            "on a couch", "in front of a window", "near the ocean", "at 12:30 pm", "next to a fire hydrant",
            "under an umbrella", "in the snow", "beside a refrigerator", "on top of a wooden table", "in a kitchen"
        },
        {"", ".", ", while another one watches.", " with trees in the background.", " during the 2014 World Cup!"}
    };

    private Captions() {}

    static List<String> make(int count) {
        Random random = new Random(1);
        return IntStream.range(0, count).mapToObj(i -> sentence(random)).toList();
    }

    /** Chars of all. */
    static long length(List<String> captions) {
        return captions.stream().mapToLong(String::length).sum();
    }

    private static String sentence(Random random) {
        StringBuilder sentence = new StringBuilder();
        for (String[] part : PARTS) {
            String words = part[random.nextInt(part.length)];
            if (!sentence.isEmpty() && !words.isEmpty() && Character.isLetter(words.charAt(0))) sentence.append(' ');
            sentence.append(words);
        }
        return sentence.toString();
    }
}
