package io.bridgetower.engine;

/** An elementwise function between two layers. */
public enum Activation {
    /** x. */
    NONE,
    /** max(x, 0). */
    RELU,
    /** ½ x (1 + erf(x / √2)), the exact form of arXiv 1606.08415. */
    GELU,
    /** ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), its tanh form. */
    GELU_NEW,
    /** x · sigmoid(x). */
    SILU,
    /** x · sigmoid(1.702 x), as CLIP uses. */
    QUICK_GELU,
    /** tanh(x). */
    TANH
}
