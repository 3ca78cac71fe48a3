package io.bridgetower.processor.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodingTest {
    private final Tokenizer tokenizer = TokenizerFolders.loadDemo();

    @Test
    void spacesAreCleanedUpOnRequest() {
        String text = "a . b ? c ! d , e ' f don n't I 'm it 's we 've they 're";
        int[] ids = tokenizer.encode(text).ids();
        assertEquals(text, tokenizer.decode(ids, true));
        assertEquals("a. b? c! d, e'f donn't I'm it's we've they're", tokenizer.decode(ids, true, true));
    }

    @Test
    void batchesDecodeRowByRow() {
        int[][] ids = tokenizer
                .encodeBatch(List.of("a red circle", ""), EncodingOptions.DEFAULT.padding(Padding.longest()))
                .inputIds();
        assertEquals(List.of("a red circle", ""), tokenizer.batchDecode(ids, true));
        assertEquals("<s>a red circle</s>", tokenizer.batchDecode(ids, false).getFirst());
        assertEquals(List.of("a red circle", ""), tokenizer.batchDecode(ids, true, true));
    }

    @Test
    void idsThatNameNoTokenArePassedOver() {
        assertEquals("<s></s>", tokenizer.decode(new int[] {-100, 0, 420, Integer.MAX_VALUE, 2}, false));
        assertEquals(Arrays.asList(null, "<mask>"), tokenizer.convertIdsToTokens(new int[] {420, 419}));
    }

    @Test
    void partsOfCharactersBecomeReplacements() {
        int[] ids = tokenizer
                .encode("é😀", EncodingOptions.DEFAULT.specialTokens(false))
                .ids();
        assertEquals("\uFFFD", tokenizer.decode(new int[] {ids[0]}, false));
        assertEquals("\uFFFD", tokenizer.decode(new int[] {ids[ids.length - 1]}, false));
    }

    @Test
    void surrogatesWithoutPartnerAreReplaced() {
        int[] ids = tokenizer.encode("a\uD800b\uDC00\uD800").ids();
        assertArrayEquals(tokenizer.encode("a\uFFFDb\uFFFD\uFFFD").ids(), ids);
        assertEquals("a\uFFFDb\uFFFD\uFFFD", tokenizer.decode(ids, true));
    }

    @Test
    void tokensAndIdsConvert() {
        List<String> tokens = List.of("<s>", "Ġred", "nothing like it", "<mask>");
        int[] ids = tokenizer.convertTokensToIds(tokens);
        assertArrayEquals(new int[] {tokenizer.bosId(), ids[1], tokenizer.unkId(), tokenizer.maskId()}, ids);
        assertEquals(List.of("<s>", "Ġred", "<unk>", "<mask>"), tokenizer.convertIdsToTokens(ids));
    }

    @Test
    void rolesHaveTheirIds() {
        assertArrayEquals(new int[] {0, 2, 0, 2, 3, 1, 419}, new int[] {
            tokenizer.bosId(),
            tokenizer.eosId(),
            tokenizer.clsId(),
            tokenizer.sepId(),
            tokenizer.unkId(),
            tokenizer.padId(),
            tokenizer.maskId()
        });
        assertEquals(420, tokenizer.vocabularySize());
        assertEquals(64, tokenizer.modelMaxLength());
    }
}
