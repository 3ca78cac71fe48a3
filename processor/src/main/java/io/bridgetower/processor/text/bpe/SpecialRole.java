package io.bridgetower.processor.text.bpe;

/** What special tokens are there for, with RoBERTa's tokens. Several roles may share one token. */
public enum SpecialRole {
    BOS("bos_token", "<s>"),
    EOS("eos_token", "</s>"),
    CLS("cls_token", "<s>"),
    SEP("sep_token", "</s>"),
    UNK("unk_token", "<unk>"),
    PAD("pad_token", "<pad>"),
    MASK("mask_token", "<mask>");

    private final String field;
    private final String usual;

    SpecialRole(String field, String usual) {
        this.field = field;
        this.usual = usual;
    }

    /** What the files call the role. */
    public String field() {
        return field;
    }

    /** RoBERTa's token. */
    public String usual() {
        return usual;
    }
}
