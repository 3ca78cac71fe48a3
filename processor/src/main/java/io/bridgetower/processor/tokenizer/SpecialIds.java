package io.bridgetower.processor.tokenizer;

/** The ids of the special tokens, by role. Several roles may share one id. */
public record SpecialIds(int bos, int eos, int cls, int sep, int unk, int pad, int mask) {}
