package io.bridgetower.processor.image.codec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bridgetower.processor.image.ImageCodec;
import io.bridgetower.processor.image.PillowPixelsTest;
import io.bridgetower.testing.ForkedJvm;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class WebpReaderTest {
    /** As in a servlet container, whose threads have filled the registry before the application is there. */
    @Test
    void webpIsReadWhereTheImageRegistryDoesNotKnowIt() throws IOException {
        String output = new ForkedJvm(Container.class).run();
        assertTrue(output.contains("RgbImage[45 x 37]"), output);
    }

    static final class Container {
        private Container() {}

        public static void main(String[] args) throws IOException {
            Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
            if (ImageIO.getImageReadersByFormatName("webp").hasNext()) throw new AssertionError("found by look-up");
            System.out.println(ImageCodec.read(PillowPixelsTest.file("lossless.webp")));
        }
    }
}
