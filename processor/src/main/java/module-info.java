/** What turns texts and images into what the model reads: the tokenizer and the image processor. */
@SuppressWarnings("requires-automatic")
module io.bridgetower.processor {
    requires com.fasterxml.jackson.core;
    requires com.twelvemonkeys.imageio.webp;
    requires transitive io.bridgetower.engine;
    requires transitive io.bridgetower.files;
    requires transitive java.desktop;
    requires jdk.incubator.vector;

    exports io.bridgetower.processor;
    exports io.bridgetower.processor.image;
    exports io.bridgetower.processor.image.raster;
    exports io.bridgetower.processor.text;
}
