package io.bridgetower.cli.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VqaAccuracyTest {
    /** Of ten people, those who gave the answer are left out one after the other, as the measure averages. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0.3", "2, 0.6", "3, 0.9", "4, 1", "10, 1"})
    void anAnswerIsAsRightAsPeopleAgree(int same, double accuracy) {
        List<String> given = new ArrayList<>(Collections.nCopies(same, "red"));
        for (int i = same; i < 10; i++) given.add("other " + i);
        assertEquals(accuracy, VqaAccuracy.of("red", given), 1e-12);
    }

    @Test
    void wherePeopleAgreeTheAnswerIsComparedAsItIs() {
        assertEquals(0, VqaAccuracy.of("Red", Collections.nCopies(10, "red")));
        assertEquals(1, VqaAccuracy.of(" red\n", Collections.nCopies(10, "red")));
    }

    @Test
    void whereTheyDoNotBothAreNormalized() {
        List<String> given = new ArrayList<>(Collections.nCopies(9, "The two dogs."));
        given.add("cats");
        assertEquals(1, VqaAccuracy.of("2 dogs", given));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "A Red car! | red car",
                "none | 0",
                "ten | 10",
                "dont | don't",
                "couldntve | couldntve",
                "couldnt've | couldn't've",
                "yall | y'all",
                "somebody'd | somebodyd",
                "black-and-white | black and white",
                "black - white | black white",
                "1,000 | 1000",
                "it's 3.5 inches. | it's 3.5 inches",
                "u.s.a. | usa",
                "yes/no | yes no",
                "the | ``"
            })
    void formsOfTheOfficialMeasure(String answer, String expected) {
        assertEquals(expected, VqaText.normalized(answer));
    }
}
