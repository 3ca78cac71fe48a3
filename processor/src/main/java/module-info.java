/** What turns texts and pictures into what the model reads: the tokenizer and the image processor. */
module io.bridgetower.processor {
    requires com.fasterxml.jackson.core;
    requires transitive io.bridgetower.engine;
    requires java.desktop;

    exports io.bridgetower.processor;
    exports io.bridgetower.processor.image;
}
