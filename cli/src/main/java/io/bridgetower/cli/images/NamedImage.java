package io.bridgetower.cli.images;

import io.bridgetower.RemoteImages;
import io.bridgetower.cli.terminal.Streams;
import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.raster.ImageReadOptions;
import io.bridgetower.processor.image.raster.RgbImage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** An image that is named on the command line. */
public sealed interface NamedImage {
    /** As it is named in results. */
    String name();

    /**
     * Reads and decodes it.
     *
     * @throws IOException if it cannot be read or is no image; the message names it
     */
    RgbImage read(ImageReadOptions options) throws IOException;

    /** A file. */
    record File(Path path) implements NamedImage {
        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public RgbImage read(ImageReadOptions options) throws IOException {
            return ImageCodec.read(path, options);
        }
    }

    /** Standard input, which can be read once. */
    record StandardInput(Streams streams) implements NamedImage {
        static final String NAME = "-";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public RgbImage read(ImageReadOptions options) throws IOException {
            return ImageCodec.read(streams.in(), "standard input", options);
        }
    }

    /** What is downloaded. */
    record Remote(URI address, RemoteImages images) implements NamedImage {
        @Override
        public String name() {
            return address.toString();
        }

        @Override
        public RgbImage read(ImageReadOptions options) throws IOException {
            return images.read(address, options).pixels();
        }
    }
}
