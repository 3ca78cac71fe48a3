package io.bridgetower.processor.text.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8Test {
    @Test
    void decodesEveryCodePoint() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) continue;
            String text = Character.toString(c);
            assertEquals(text, Utf8.decode(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** The examples of the Unicode standard, tables 3-8 to 3-11. */
    @ParameterizedTest
    @CsvSource({
        "c0af e080bf f08182 41, ????????A",
        "eda080 edbfbf edaf 41, ????????A",
        "f4919293 ff 41 80bf 42, ?????A??B",
        "e180 e2 f09192 f1bf 41, ????A",
    })
    void replacesMaximalParts(String hex, String expected) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertEquals(expected.replace('?', '\uFFFD'), Utf8.decode(bytes));
    }
}
